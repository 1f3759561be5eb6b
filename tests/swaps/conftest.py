"""The tests of this room read English."""

from tests.shelters.conftest import client, english, made_place, place

__all__ = ["client", "english", "made_place", "place"]
