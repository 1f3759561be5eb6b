"""From the night that puts a person on the list to the certificate that says what is gone."""

from copy import deepcopy
from datetime import timedelta
from itertools import product

import pytest
from django.db import Error, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from referral.access.context import acting, service
from referral.access.models import DataKey
from referral.audit.models import AuditEvent
from referral.cases.actions import write_care_note
from referral.cases.workflow import CaseStatus
from referral.notices.models import Notice
from referral.organisations.models import Organisation
from referral.organisations.roles import Role
from referral.persons.models import Identity, IdentityKey, Person
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
from tests.factories.cases import FACTS, case_at, colleague_of, doing, make_country
from tests.factories.contact import make_contact_rule
from tests.factories.emergencies import emergency_at, make_officer
from tests.factories.erasures import LONG_AGO, erasure_at, hold_of, night, old_case
from tests.factories.people import make_member, sign_in
from tests.factories.planning import planned
from referral.cases.emergency.workflow import Status as Opened
from referral.cases.models import ClosureReason, Outcome
from referral.cases.actions import close_case

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(module_db):  # noqa: ARG001
    country = make_country()
    case = case_at(CaseStatus.ACTIVE, country, at=timezone.now() - LONG_AGO)
    with doing(country.alice):
        write_care_note(case, text="Canary note", by=country.alice, at=timezone.now())
    planned(case, by=country.alice)
    emergency_at(Opened.TO_REVIEW, case, by=country.bob)
    make_contact_rule(case.person, by=country.alice)
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


def tables():
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'p')"
            " AND relnamespace = 'public'::regnamespace AND NOT relispartition ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def dump():
    """Every row of every table as text, as a thief of the disk reads it."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        for table in tables():
            cursor.execute(f"SELECT coalesce(string_agg(t::text, chr(10)), '') FROM {table} t")  # noqa: S608
            found[table] = cursor.fetchone()[0]
    return found


def test_debug(scene):
    country, case, officer = scene
    print(night())
    found = erasure_of(case, by=country.alice)
    with doing(country.alice):
        found = approve_erasure(found, by=country.alice, at=timezone.now())
    with doing(country.desk):
        found = confirm_erasure(found, by=country.desk, at=timezone.now())
    print(found.destroyed)
    with connection.cursor() as c:
        c.execute("select current_user, session_user"); print(c.fetchall())
