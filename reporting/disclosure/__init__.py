"""Disclosure control: no published table tells about one presumed victim."""
