"""The tests of this room read English, and have the scene of shelters."""

from tests.shelters.conftest import client, english, place

__all__ = ["client", "english", "place"]
