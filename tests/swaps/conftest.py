"""The tests of this room read English."""

from tests.shelters.conftest import client, english, place

__all__ = ["client", "english", "place"]
