"""From the night that puts a person on the list to the certificate that says what is gone."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.db import Error, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from referral.access.context import acting, service
from referral.audit.models import AuditEvent
from referral.cases.actions import close_case, write_care_note
from referral.cases.emergency.workflow import Status as Opened
from referral.cases.models import ClosureReason, Outcome
from referral.cases.tables.workflow import TableStatus
from referral.cases.workflow import CaseStatus
from referral.notices.models import Notice
from referral.organisations.roles import Role
from referral.persons.models import Person
from referral.registrations.models import Registration
from referral.retention.actions import (
    NewTerm,
    Review,
    approve_erasure,
    change_term,
    confirm_erasure,
    lift_hold,
    place_hold,
    read_erasure,
    return_erasure,
)
from referral.retention.models import Category, Erasure, LegalHold, RetentionTerm
from referral.retention.rules import DESTROYED, KEPT, RetentionRefused
from referral.retention.workflow import MOVES, Status
from referral.rights.workflow import Status as RightsStatus
from tests.factories.cases import FACTS, case_at, doing, make_country
from tests.factories.contact import make_contact_rule
from tests.factories.documents import make_document
from tests.factories.emergencies import emergency_at, make_officer
from tests.factories.erasures import LONG_AGO, erasure_at, hold_of, night, old_case
from tests.factories.families import child_of
from tests.factories.people import make_member, sign_in
from tests.factories.planning import planned
from tests.factories.rights import request_at
from tests.factories.tables import table_at

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(module_db):  # noqa: ARG001
    country = make_country()
    case = case_at(CaseStatus.ACTIVE, country, at=timezone.now() - LONG_AGO)
    with doing(country.alice):
        write_care_note(case, text="Canary note", by=country.alice, at=timezone.now())
    make_document(case, by=country.alice)
    planned(case, by=country.alice)
    child_of(case, by=country.alice)
    emergency_at(Opened.TO_REVIEW, case, by=country.bob)
    table_at(TableStatus.CLOSED, case, make_member(Role.PARTNER_NGO), by=country.alice)
    keeper = make_member(Role.FG, organisation=country.alice.organisation)
    request_at(RightsStatus.CLOSED, case.reference, by=keeper)
    with doing(country.alice):
        person = Person.objects.get(pk=case.person_id)
    make_contact_rule(person, by=country.alice)
    with doing(country.alice):
        case = close_case(
            case,
            reason=ClosureReason.GOALS_REACHED,
            outcome=Outcome.SAFE_SUPPORTED,
            person_informed=True,
            by=country.alice,
            at=timezone.now() - LONG_AGO + timedelta(days=9),
        )
    return country, case, make_officer()


@pytest.fixture
def scene(made, db):  # noqa: ARG001
    with override("en"):
        yield deepcopy(made)


def erasure_of(case, *, by):
    with doing(by):
        return Erasure.objects.visible_to(by).get(person=case.person_id)


def rows(query, *values):
    """As the guard sees it: without policies. Goes back to the role that serves people."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
        cursor.execute(query, values)
        found = cursor.fetchall()
        cursor.execute("SET LOCAL ROLE NONE")
    return found


def dump():
    """Every row of every table as text: what a thief of the disk reads."""
    tables = rows(
        "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'p')"
        " AND relnamespace = 'public'::regnamespace AND NOT relispartition"
        " AND has_table_privilege(oid, 'SELECT') ORDER BY 1"
    )
    query = "SELECT coalesce(string_agg(t::text, chr(10)), '') FROM {} t"
    return {table: rows(query.format(table))[0][0] for (table,) in tables}


def test_two_persons_destroy_what_is_past_its_term_and_nothing_of_it_is_left(scene, client):
    country, case, officer = scene
    person = case.person_id
    other = old_case(country)
    open_one = case_at(CaseStatus.ACTIVE, country, at=timezone.now() - LONG_AGO)
    hold = hold_of(other, by=country.desk)
    before = dump()
    ((key, sealed),) = rows(
        "SELECT p.key_id::text, encode(i.sealed, 'hex') FROM persons_person p"
        " JOIN persons_identity i ON i.person_id = p.id WHERE p.id = %s", person
    )  # fmt: skip
    hashes = rows(
        "SELECT encode(hmac, 'hex') FROM persons_identitykey WHERE person_id = %s", person
    )
    # The hashes of the same name stand with the neighbours too; keys and ciphertext are its own.
    notes = rows("SELECT encode(sealed, 'hex') FROM cases_carenote WHERE case_id = %s", case.pk)
    secrets = [key, sealed, *[value for (value,) in notes]]
    assert all(secret in "".join(before.values()) for secret in secrets)

    # What is open or held never comes on the list; a second look changes nothing.
    assert night() == Review(listed=1)
    assert night() == Review()
    found = erasure_of(case, by=country.alice)
    assert rows("SELECT person_id FROM retention_erasure") == [(person,)]
    for stranger in (country.bob, country.officer, country.placement, make_member(Role.FG)):
        with doing(stranger), pytest.raises(Erasure.DoesNotExist):
            read_erasure(found, by=stranger, at=timezone.now())

    # Alice approves; not she herself but the desk confirms.
    page = reverse("retention:erasure", args=[found.pk])
    sign_in(client, country.alice)
    client.post(reverse("retention:move", args=[found.pk, "approved"]))
    client.post(reverse("retention:move", args=[found.pk, "erased"]))
    assert erasure_of(case, by=country.alice).status == Status.APPROVED
    sign_in(client, country.desk)
    client.post(reverse("retention:move", args=[found.pk, "erased"]))
    certificate = client.get(page).content.decode()
    assert "Zoeksleutels" in certificate
    for address in ("cases:case", "persons:person", "registrations:registration"):
        key_of = {"cases:case": case.pk, "persons:person": person}
        where = reverse(address, args=[key_of.get(address, case.registration_id)])
        assert client.get(where).status_code == 200, address

    erased = erasure_of(case, by=country.desk)
    assert erased.destroyed["persons_identity"] == 1
    assert erased.destroyed["persons_identitykey"] == len(hashes)
    assert erased.destroyed["access_datakey"] == 2  # of the person, and of the emergency access
    gone = {"cases_carenote", "planning_goal", "contact_contactrule", "rights_rightsextract"}
    assert {
        *gone,
        "tables_agreement",
        "family_familylink",
        "documents_documentpiece",
    } <= erased.destroyed.keys()
    assert erased.destroyed.keys() <= DESTROYED.keys()

    # Nothing of it is left in any table, and the neighbours are whole.
    after = "".join(dump().values())
    assert [secret for secret in secrets if secret in after] == []
    for name in (FACTS.given_names, FACTS.family_name, "Canary"):
        assert name not in after
    for table, column, value in points_at(person):
        if table not in KEPT:
            assert rows(f"SELECT 1 FROM {table} WHERE {column} = ANY(%s)", value) == [], table  # noqa: S608
    assert rows(
        "SELECT count(*) FROM persons_identity WHERE person_id = ANY(%s)",
        [other.person_id, open_one.person_id],
    ) == [(2,)]
    with acting(make_member(Role.AUDITOR), purpose="test"):
        (line,) = AuditEvent.objects.filter(action="person_erased")
        assert line.opened_details() == {"destroyed": erased.destroyed}
    with acting(service(Role.SERVICE_RELAY), purpose="test"):
        told = Notice.objects.filter(kind="person_erased").values_list("organisation", flat=True)
        assert set(told) == {officer.organisation_id, country.alice.organisation_id}

    # What was held comes the night after the hold.
    with doing(country.desk):
        lift_hold(hold, by=country.desk, at=timezone.now())
    assert night() == Review(listed=1)


def points_at(person):
    """Each table with a column that leads to the person, its cases or its registrations."""
    cases = [key for (key,) in rows("SELECT id FROM cases_case WHERE person_id = %s", person)]
    reported = [
        key
        for (key,) in rows("SELECT id FROM registrations_registration WHERE person_id = %s", person)
    ]
    things = {
        "persons_person": [person],
        "cases_case": cases,
        "registrations_registration": reported,
    }
    leads = rows(
        "SELECT c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text"
        " FROM pg_constraint c JOIN pg_attribute a"
        " ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
        " WHERE c.contype = 'f' AND c.confrelid::regclass::text = ANY(%s)", list(things)
    )  # fmt: skip
    return [(table, column, things[to]) for table, column, to in leads]


def test_every_table_that_leads_to_a_person_is_destroyed_or_kept_for_a_reason(db):  # noqa: ARG001
    found = rows(
        "WITH RECURSIVE d (t) AS (SELECT 'persons_person'::regclass::oid UNION"
        " SELECT c.conrelid FROM pg_constraint c JOIN d ON c.confrelid = d.t"
        " WHERE c.contype = 'f') SELECT t::regclass::text FROM d"
    )
    assert {table for (table,) in found} - {"access_datakey"} == (
        DESTROYED.keys() | KEPT.keys()
    ) - {"access_datakey"}


def test_a_hold_stops_an_erasure_under_way_and_ends_by_itself(scene, client):
    country, case, _officer = scene
    found = erasure_at(Status.APPROVED, country, case=case)
    sign_in(client, country.alice)
    until = timezone.localdate() + timedelta(days=3)
    sent = {"reference": case.reference.lower(), "reason": "court", "until": until.isoformat()}
    client.post(reverse("retention:hold"), sent)
    assert erasure_of(case, by=country.alice).status == Status.HELD
    held = client.get(found.get_absolute_url()).content.decode()  # what it is about, what holds it
    assert f"{reverse('retention:hold')}?reference={case.reference}" in held
    assert f"{case.reference} · Een rechtszaak" in held
    for reader in (country.alice, country.desk):  # the file itself says so, to who may hold it
        sign_in(client, reader)
        file = client.get(reverse("case_file", args=[case.pk]), {"open": "keeping"})
        day = date_format(until, "DATE_FORMAT")
        assert f"Vastgehouden tot en met {day}" in file.content.decode()
    sign_in(client, country.alice)
    with doing(country.desk), pytest.raises(RetentionRefused):
        confirm_erasure(found, by=country.desk, at=timezone.now())
    with doing(country.bob), pytest.raises(RetentionRefused):
        place_hold(case.reference, reason="court", until=until, by=country.bob, at=timezone.now())
    today = timezone.localdate()
    with acting(country.desk, purpose="test"):  # by the number under which everybody knows it
        number = Registration.objects.exclude(national_number=None)[0].national_number
        named = place_hold(number, reason="court", until=until, by=country.desk, at=timezone.now())
        assert str(named.registration) == number
        lift_hold(named, by=country.desk, at=timezone.now())
    with doing(country.alice):  # by the number of the person, which the lists say
        called = case.person.reference
        named = place_hold(called, reason="court", until=until, by=country.alice, at=timezone.now())
        assert (named.case_id, named.reference) == (case.pk, case.reference)
        lift_hold(named, by=country.alice, at=timezone.now())
    with doing(country.alice), pytest.raises(RetentionRefused):
        place_hold(case.reference, reason="court", until=today, by=country.alice, at=timezone.now())
    assert night() == Review()
    page = client.get(reverse("retention:list")).content.decode()
    assert case.reference in page
    hold = rows("SELECT id FROM retention_legalhold")[0][0]
    client.post(reverse("retention:lift", args=[hold]))
    assert night() == Review(listed=1)
    with doing(country.alice):
        approve_erasure(found, by=country.alice, at=timezone.now())
    with doing(country.desk):
        return_erasure(found, by=country.desk, at=timezone.now())
    assert erasure_of(case, by=country.alice).status == Status.DUE


def test_a_longer_term_takes_it_off_the_list_and_terms_are_versions(scene, client):
    country, case, _officer = scene
    night()
    admin = make_member(Role.PLATFORM_ADMIN)
    sign_in(client, admin)
    today = timezone.localdate()
    sent = {
        "category": "case", "months": 500, "source": "Wet A", "certainty": "found",
        "from_day": today.isoformat(),
    }  # fmt: skip
    client.post(reverse("retention:terms"), sent)
    assert "Wet A" in client.get(reverse("retention:terms")).content.decode()
    assert night() == Review(not_due=1)
    assert erasure_of(case, by=country.alice).status == Status.NOT_DUE
    again = NewTerm(Category.CASE, 400, "B", "found", today)
    with doing(admin), pytest.raises(RetentionRefused):
        change_term(again, by=admin, at=timezone.now())
    with doing(admin), pytest.raises(IntegrityError, match="retention_is_kept"):
        RetentionTerm.objects.filter(category="signal").update(months=1)
    with doing(country.alice), pytest.raises(IntegrityError, match="retention_is_kept"):
        RetentionTerm.objects.filter(category="signal").update(valid=(today, None))


def test_the_database_moves_along_the_same_table_and_asks_for_two_persons(scene):
    country, case, _officer = scene
    found = erasure_at(Status.DUE, country, case=case)
    now = timezone.now()
    who = {"approved_at": now, "approved_by": country.alice.user_id}
    for goal in Status:
        for member in (country.alice, country.bob, service(Role.SERVICE_SWEEPER)):
            allowed = (goal, member) == (Status.APPROVED, country.alice) or (
                goal == Status.NOT_DUE and member.role == Role.SERVICE_SWEEPER
            )
            values = who if goal == Status.APPROVED else {}
            try:
                with doing(member), transaction.atomic():
                    done = Erasure.objects.filter(pk=found.pk).update(status=goal, **values)
                    transaction.set_rollback(True)
            except Error:
                done = 0
            assert bool(done) == allowed, (goal, member.role)
    approved = erasure_at(Status.APPROVED, country, case=case)
    with doing(country.alice), pytest.raises(Error), transaction.atomic():
        Erasure.objects.filter(pk=approved.pk).update(
            status=Status.ERASED, erased_at=now, erased_by=country.alice.user_id
        )
    assert set(MOVES) == set(Status)


def test_constraints_refuse_by_name(scene):
    country, case, _officer = scene
    today = timezone.localdate()
    values = {"case_id": case.pk, "reference": "CASE", "organisation": country.alice.organisation,
        "reason": "court", "until": today + timedelta(days=9), "placed_at": timezone.now(),
        "placed_by": country.alice.user}  # fmt: skip
    broken = {
        "hold_is_on_one_case_or_one_registration": {"registration_id": case.registration_id},
        "hold_reason_is_known": {"reason": "because"},
        "hold_lasts_beyond_the_day_it_is_placed": {"until": today},
        "hold_is_lifted_by_someone_at_a_time": {"lifted_at": timezone.now()},
    }
    for name, wrong in broken.items():
        with doing(country.alice), pytest.raises(IntegrityError, match=name):
            LegalHold(**values | wrong).save(force_insert=True)
    admin = make_member(Role.PLATFORM_ADMIN)
    term = {"category": "case", "months": 9, "source": "A", "certainty": "found",
        "valid": (today, None)}  # fmt: skip
    broken = {
        "retention_category_is_known": {"category": "all"},
        "retention_lasts_at_least_a_month": {"months": 0},
        "retention_term_names_its_source": {"source": ""},
        "retention_certainty_is_known": {"certainty": "very"},
        "retention_has_one_term_on_a_day": {},
    }
    for name, wrong in broken.items():
        with doing(admin), pytest.raises(IntegrityError, match=name):
            RetentionTerm(**term | wrong).save(force_insert=True)


def test_an_erasure_that_makes_no_sense_is_refused_without_its_trigger_too(scene):
    country, case, _officer = scene
    found = erasure_at(Status.DUE, country, case=case)
    alice, now = country.alice.user_id, timezone.now()
    approved = {"approved_at": now, "approved_by": alice}
    broken = {
        "erasure_status_is_known": {"status": "lost"},
        "erasure_category_is_known": {"category": "all"},
        "erasure_is_due_after_the_last_event": {"due_on": found.last_event_on},
        "erasure_is_approved_by_someone_at_a_time": {"status": Status.APPROVED},
        "erasure_is_confirmed_by_a_second_person_at_a_time": approved
        | {"status": Status.ERASED, "erased_at": now, "erased_by": alice},
    }
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL ROLE baken_owner")
        cursor.execute("ALTER TABLE retention_erasure DISABLE TRIGGER USER")
        cursor.execute("SET LOCAL ROLE baken_guard")
        for name, wrong in broken.items():
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                Erasure.objects.filter(pk=found.pk).update(**wrong)
