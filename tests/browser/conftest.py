"""Real Chromium: the one that is installed, and never a connection outside this machine."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, sync_playwright

from tests.processes import Served, serve
from tools.shots import CHROMIUM

QUIET = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--every-way", action="store_true", help="each language with and without htmx")


def executable() -> str | None:
    named = os.environ.get("CHROMIUM")
    return named or next((found for name in CHROMIUM if (found := shutil.which(name))), None)


@pytest.fixture
def chromium(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """One browser; each visitor has a context of their own in it."""
    # Playwright keeps an event loop in this thread, in which Django would refuse the database.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=QUIET)
        yield browser
        browser.close()
        connections.close_all()  # beside that loop Django keeps other connections


@pytest.fixture(scope="package")
def running(django_db_setup: None, django_db_blocker: Any) -> Iterator[Served]:  # noqa: ARG001
    """The application, started once: each start takes six seconds of a core."""
    with django_db_blocker.unblock(), serve() as started:
        yield started
