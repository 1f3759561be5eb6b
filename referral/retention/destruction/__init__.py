"""Destruction lists: what is past its term although its person or signal header stays."""
