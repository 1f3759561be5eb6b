"""A plugin of pytest for runs with coverage: templates keep the numbers of their lines."""

from typing import cast

from django.conf import settings


def pytest_configure() -> None:
    """Ask the template engine, before it is first used, to remember where each node stands."""
    for engine in settings.TEMPLATES:
        cast("dict[str, object]", engine["OPTIONS"])["debug"] = True
