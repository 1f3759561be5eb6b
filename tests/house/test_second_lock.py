"""The database's own lock: on every table, forced on its owner, on by default."""

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from referral.checks import (
    OPEN_TABLES,
    demo_key_opens_nothing,
    demo_stays_at_home,
    locks_are_on,
    matrix_is_synced,
    open_reason,
    refuse_to_start_when_unsafe,
)
from referral.checks import role_owns_nothing as role_owns_nothing_check
from referral.demo.cast import PLATFORM
from referral.demo.country.organisations import Country
from referral.demo.country.systems import add_demo_system
from referral.organisations.models import Organisation
from referral.organisations.roles import Role
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db
PROTECTED = sorted(
    model._meta.db_table
    for model in apps.get_models(include_auto_created=True)
    if model._meta.managed and open_reason(model._meta.db_table) is None
)


def test_a_table_is_locked_or_stands_with_its_reason_among_the_open_ones():
    assert locks_are_on(databases=["default"]) == []
    assert all(OPEN_TABLES.values())
    assert PROTECTED


def test_the_application_is_bound_by_the_lock():
    assert role_owns_nothing_check(databases=["default"]) == []


def test_the_database_holds_the_matrix_of_the_code():
    assert matrix_is_synced(databases=["default"]) == []


@pytest.mark.parametrize("table", PROTECTED)
def test_without_a_context_a_table_is_empty(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 -- a name of our own
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("table", PROTECTED)
def test_a_table_cannot_be_emptied_by_the_application(table):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(f"TRUNCATE {table}")


def test_the_application_cannot_change_the_role_matrix():
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(
            "INSERT INTO access_rolepermission (role, permission)"
            " VALUES ('muni_policy', 'care_note.read')"
        )


def test_the_application_cannot_become_the_guard():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_has_role('baken_web', 'baken_guard', 'MEMBER')")
        assert cursor.fetchone() == (False,)


def test_no_view_runs_with_its_owners_eyes():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'v'"
            " AND relnamespace IN ('public'::regnamespace, 'baken'::regnamespace)"
            " AND NOT coalesce(reloptions, '{}') @> '{security_invoker=true}'"
        )
        assert cursor.fetchall() == []


def test_every_definer_function_names_its_search_path_and_is_not_the_applications():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE prosecdef"
            " AND pronamespace IN ('public'::regnamespace, 'baken'::regnamespace)"
            " AND (proconfig IS NULL OR pg_get_userbyid(proowner) IN ('baken_web', 'baken_worker'))"
        )
        assert cursor.fetchall() == []


def test_no_column_is_a_database_enum():
    """An enum cannot be compared leakproof, and cannot lose a value."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT typname FROM pg_type WHERE typtype = 'e'")
        assert cursor.fetchall() == []


def test_a_second_sync_changes_nothing_and_needs_the_owner():
    with transaction.atomic():
        call_command("sync_roles")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM organisations_organisation WHERE type = 'platform'")
        assert cursor.fetchone() == (1,)
    with pytest.raises(IntegrityError, match="there_is_one_emm"), transaction.atomic():
        connection.cursor().execute(
            "INSERT INTO organisations_organisation (name, type, oin, created_at)"
            " VALUES ('Second', 'platform', '', now())"
        )


def test_the_key_of_the_demo_is_refused_where_it_is_no_demo(settings):
    call_command("sync_roles")
    officer = make_member(Role.LE_POLICE)
    make_member(Role.PLATFORM_ADMIN, organisation=Organisation.objects.get(name=PLATFORM))
    add_demo_system(Country(officers=[officer]), now=timezone.now())

    settings.DEMO = True
    assert demo_key_opens_nothing(databases=["default"]) == []
    settings.DEMO = False
    assert [error.id for error in demo_key_opens_nothing(databases=["default"])] == ["baken.E005"]


def test_the_demo_door_is_refused_where_others_can_come_in(settings):
    settings.DEMO = True
    settings.ALLOWED_HOSTS = ["localhost"]
    assert demo_stays_at_home() == []
    settings.ALLOWED_HOSTS = ["localhost", "baken.example"]
    assert [error.id for error in demo_stays_at_home()] == ["baken.E004"]
    with pytest.raises(ImproperlyConfigured, match=r"baken\.example"):
        refuse_to_start_when_unsafe()
    settings.DEMO = False
    assert demo_stays_at_home() == []
