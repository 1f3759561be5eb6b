"""A plugin of pytest for runs with coverage: templates keep the numbers of their lines."""

from django.conf import settings


def pytest_configure() -> None:
    """Ask the template engine, before it is first used, to remember where each node stands."""
    for engine in settings.TEMPLATES:
        engine["OPTIONS"]["debug"] = True
