"""Both locks show the same registrations, and a dump of the database names nobody."""

import logging

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from referral.access.context import acting, service
from referral.lib.ids import uuid7
from referral.organisations.roles import SERVICES, Role
from referral.persons.actions import find_duplicates
from referral.registrations.actions import return_registration
from referral.registrations.models import Registration, SignalLink
from referral.registrations.workflow import Status
from referral.sharing.models import Consent
from referral.sharing.rules import Answer
from tests.factories.people import make_member
from tests.factories.persons import FACTS
from tests.factories.registrations import make_entry, registration_at

pytestmark = pytest.mark.django_db
MODELS = (Registration, SignalLink, Consent)


@pytest.fixture
def members():
    people = [make_member(role) for role in Role if role not in SERVICES]
    officer = next(member for member in people if member.role == Role.LE_POLICE)
    people.append(make_member(Role.LE_POLICE, organisation=officer.organisation))
    return people + [service(role) for role in sorted(SERVICES)]


def test_the_database_and_the_querysets_show_the_same_rows(members):
    desk = next(m for m in members if m.role == Role.COM_REGISTRAR)
    for role in (Role.LE_POLICE, Role.LE_NLA, Role.PARTNER_NGO, Role.ZC):
        reporter = next(m for m in members if m.role == role)
        for status in Status:
            registration_at(
                status,
                reporter=reporter,
                desk=desk,
                person={"facts": {"bsn": ""}},
                consent=Answer(),
                help_wanted="yes",
                signal=uuid7(),
            )
    seen = {}
    for member in members:
        with acting(member, purpose="test"):
            for model in MODELS:
                by_database = set(model.objects.values_list("pk", flat=True))
                by_queryset = set(model.objects.visible_to(member).values_list("pk", flat=True))
                assert by_queryset == by_database, (member.role, model)
                seen[member.pk, model] = len(by_database)
    by_role = {
        member.role: seen[member.pk, Registration] for member in members[: -1 - len(SERVICES)]
    }
    assert {role for role, rows in by_role.items() if rows} == {
        Role.LE_NLA, Role.LE_POLICE, Role.PARTNER_NGO, Role.ZC, Role.COM_REGISTRAR,
    }  # fmt: skip
    assert by_role[Role.COM_REGISTRAR] == 16
    assert by_role[Role.ZC] == 4


def test_a_colleague_of_the_same_unit_sees_no_registration(members):
    officer, colleague = [m for m in members if m.role == Role.LE_POLICE]
    registration_at(reporter=officer)
    with acting(colleague, purpose="test"):
        assert not Registration.objects.exists()
        assert not Registration.objects.visible_to(colleague).exists()


def test_nobody_reports_for_another_or_of_a_person_of_another():
    alice, bob = make_member(Role.LE_POLICE), make_member(Role.LE_KMAR)
    made = registration_at(reporter=alice)
    copies = []
    for organisation, user in ((alice.organisation, alice.user), (bob.organisation, bob.user)):
        copy = Registration.objects.none().model(
            **{field.attname: getattr(made, field.attname) for field in Registration._meta.fields}
            | {"id": uuid7(), "reference": "REG-2026-999999"}
        )
        copy.organisation, copy.submitted_by = organisation, user
        copies.append(copy)
    with acting(bob, purpose="test"):
        for copy in copies:
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                Registration.objects.bulk_create([copy])
        link = SignalLink(
            registration=made,
            signal=uuid7(),
            organisation=bob.organisation,
            linked_at=timezone.now(),
            linked_by=bob.user,
        )
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            SignalLink.objects.bulk_create([link])


CANARIES = ("Canary", "Zangvogel", "98765432", "2876543210", "999990019", "1991-07-23", "Kanarie")


def everything_in_the_database():
    """Each row of each table, as a dump would write it: texts, and bytes as hexadecimals."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
        try:
            cursor.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                " AND relkind IN ('r', 'p') AND has_table_privilege(oid, 'SELECT')"
            )
            rows = {}
            for (table,) in cursor.fetchall():
                cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608 -- from the catalogue
                rows[table] = [text for (text,) in cursor.fetchall()]
        finally:
            cursor.execute("SET LOCAL ROLE baken_web")
    return rows


def test_a_dump_of_the_database_and_the_log_name_nobody(caplog):
    caplog.set_level(logging.DEBUG)
    desk, alice = make_member(Role.COM_REGISTRAR), make_member(Role.LE_POLICE)
    one = registration_at(reporter=alice, desk=desk, signal=uuid7(), help_wanted="no")
    with acting(desk, purpose="test"):
        return_registration(
            one, missing=["sector"], question="Heet zij Kanarie?", by=desk, at=timezone.now()
        )
        find_duplicates(FACTS, by=desk, at=timezone.now())
    rows = everything_in_the_database()
    for table in ("persons_identity", "persons_identitykey", "registrations_registration",
                  "audit_auditevent", "notices_notice"):  # fmt: skip
        held = [line for name, lines in rows.items() if name.startswith(table) for line in lines]
        assert held, table
    dump = "\n".join(line for lines in rows.values() for line in lines) + caplog.text
    assert one.reference in dump
    for canary in CANARIES:
        assert canary.lower() not in dump.lower()
        assert canary.encode().hex() not in dump.lower()


def test_the_dump_would_show_a_canary_that_was_not_sealed():
    make_member(Role.LE_POLICE, name="Wilhelmina Canary")
    dump = str(everything_in_the_database())
    assert "Canary" in dump


def test_two_reports_of_one_woman_hold_no_equal_bytes_but_search_keys():
    alice = make_member(Role.LE_POLICE)
    one, other = registration_at(reporter=alice), registration_at(reporter=alice)
    rows = everything_in_the_database()
    assert len(set(rows["persons_identity"])) == 2
    sealed = [line.split("\\\\x")[1][:60] for line in rows["persons_identity"]]
    assert sealed[0] != sealed[1]
    assert one.person_id != other.person_id
    assert make_entry().person.facts == FACTS
