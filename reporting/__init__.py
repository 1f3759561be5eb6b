"""Figures that leave the house: counted, protected, approved by two people, sealed."""
