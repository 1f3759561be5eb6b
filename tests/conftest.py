"""Real parts: the tables are the owner's, and every test is the role that serves people."""

import gc
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from subprocess import Popen
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import teardown_databases
from django.utils import translation

from tests import brokers, databases
from tests.clients import FormClient
from tests.processes import Served
from tests.wiping import count_from_one, wipe

brokers.settle()
# Every client makes the middleware anew, which would look at each static file, for each test.
settings.WHITENOISE_AUTOREFRESH = True

TESTS = Path(__file__).parent
MIGRATING = pytest.StashKey[Popen[bytes]]()


#: Rooms and files that come first, in this order, so that no core waits for another.
EARLY = (
    # The first process migrates; the others meanwhile do what needs no database.
    "audit/test_tasks.py",
    "tools/test_servers.py",
    "house/test_words.py",
    "oversight/test_tasks.py",
    "reporting/disclosure",
    # A seal waits for every transaction of the server, and from `moves` on tests keep one open.
    "audit",
    "oversight",
    # These take minutes, or most of one.
    "browser",
    "journeys",
    "bench",
    "notices/test_tasks.py",
    "moves",
    "house",
    "reporting",
    "signals/api",
    "shelters/test_races.py",
    "demo",
)


def pytest_configure(config: pytest.Config) -> None:
    """Where several processes are going to read the tests, migrate meanwhile."""
    options = config.option
    if getattr(options, "numprocesses", None) and not options.reuse_db:
        options.testrunuid = options.testrunuid or uuid4().hex
        config.stash[MIGRATING] = databases.begin(options.testrunuid)


def pytest_unconfigure(config: pytest.Config) -> None:
    if MIGRATING in config.stash:
        config.stash[MIGRATING].wait()


@pytest.hookimpl(trylast=True)  # after the shuffle
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: turn(item.path))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Each test starts in Dutch: a client leaves the language of its last request behind."""
    translation.deactivate()


def pytest_collection_finish() -> None:
    """What is read by now stays to the end: looking through it for waste takes a tenth of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


@cache
def turn(path: Path) -> int:
    """Where this file stands in the order of a run."""
    early = (i for i, early in enumerate(EARLY) if path.is_relative_to(TESTS / early))
    return next(early, len(EARLY))


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,  # noqa: ARG001
    django_db_modify_db_settings: None,  # noqa: ARG001 -- a database for each worker of xdist
    django_db_blocker: Any,
    django_db_keepdb: bool,  # noqa: FBT001
    django_db_createdb: bool,  # noqa: FBT001
) -> Iterator[None]:
    """Migrate as the owner, then become `baken_web`: otherwise row-level security proves nothing.

    pytest-django's own fixture makes a test database only for tests with its mark; `committed`
    has none, and a run of such tests alone would work on, and wipe, the real database.
    """
    keep = django_db_keepdb and not django_db_createdb
    run = getattr(request.config, "workerinput", {}).get("testrunuid")
    with django_db_blocker.unblock():
        made = databases.make(keep=keep, run=run)
        call_command("install_context_key")
        call_command("sync_roles")
        connection.close()
        connection.settings_dict["OPTIONS"] = {"options": "-c role=baken_web"}
    yield
    with django_db_blocker.unblock():  # only the owner may drop the test database
        connection.close()
        connection.settings_dict["OPTIONS"] = {}
        if not django_db_keepdb:
            teardown_databases(made, verbosity=0)
            if run:
                databases.forget_model()


@pytest.fixture(scope="module")
def module_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:  # noqa: ARG001
    """A transaction around all tests of a module, for a scene that is made once.

    Each test with `db` works in a savepoint and goes back to the scene as it stood; it needs a
    copy of what Python holds of it, since objects are not rolled back.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:  # noqa: ARG001
    """Rows that are really committed, for other processes to see; wiped by the owner after."""
    with django_db_blocker.unblock():
        connection.close()
        count_from_one()
        try:
            yield
        finally:
            connection.close()
            wipe()
            call_command("sync_roles")
            connection.close()


@pytest.fixture
def served(running: Served, committed: None) -> Iterator[Served]:  # noqa: ARG001
    """An empty application, started where `running` says; it is at rest before it is wiped."""
    yield running
    running.rest()


@pytest.fixture
def client() -> FormClient:
    return FormClient()
