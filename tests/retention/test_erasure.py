"""From the night that puts a person on the list to the certificate that says what is gone."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django.utils.translation import override

from referral.cases.actions import close_case, write_care_note
from referral.cases.emergency.workflow import Status as Opened
from referral.cases.models import ClosureReason, Outcome
from referral.cases.workflow import CaseStatus
from referral.retention.actions import (
    approve_erasure,
    confirm_erasure,
)
from referral.retention.models import Erasure
from tests.factories.cases import case_at, doing, make_country
from tests.factories.contact import make_contact_rule
from tests.factories.emergencies import emergency_at, make_officer
from tests.factories.erasures import LONG_AGO, night
from tests.factories.planning import planned

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
        cursor.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'p')"
            " AND relnamespace = 'public'::regnamespace AND NOT relispartition ORDER BY 1"
        )
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
        c.execute("select current_user, session_user")
        print(c.fetchall())
