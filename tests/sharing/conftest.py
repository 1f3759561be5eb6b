"""A care coordinator who works on somebody's case, and consents in any state."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django.utils.translation import override

from referral.access.context import acting
from referral.lib.ids import uuid7
from referral.organisations.models import Membership
from referral.organisations.roles import OrganisationType, Role
from referral.persons.models import Person
from referral.sharing.actions import ask_consent, record_answer, withdraw_consent
from referral.sharing.models import Consent, Purpose, WithdrawalReason
from referral.sharing.rules import Answer
from referral.sharing.workflow import State
from tests.factories.people import make_member, make_organisation
from tests.factories.persons import make_person

NOW = timezone.now()
YEAR = timedelta(days=365)


def fields_of(state, member):
    """What the constraints want of a row in this state."""
    answered = {"answered_at": NOW, "answered_by": member.user}
    given = {"how": "written", "given_by": "person", "valid": (NOW, NOW + YEAR)}
    ended = {"ended_at": NOW, "ended_by": member.user}
    return {
        State.ASKED: {},
        State.GIVEN: answered | given,
        State.REFUSED: answered,
        State.WITHDRAWN: answered | given | ended | {"withdrawal_reason": "safety"},
        State.EXPIRED: answered | given | ended,
        State.REPLACED: answered | given | ended,
    }[state]


def grant_case(person: Person, member: Membership, level: str = "work") -> None:
    """As the triggers of the cases do."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
        cursor.execute(
            "INSERT INTO persons_persongrant (id, person_id, organisation_id, level, basis,"
            " source, valid, granted_by_id, reason) VALUES (%s, %s, %s, %s, 'case', %s,"
            " tstzrange(now() - interval '1 day', NULL), %s, 'owner')",
            [uuid7(), person.pk, member.organisation_id, level, uuid7(), member.user_id],
        )
        cursor.execute("SET LOCAL ROLE baken_web")


def make_coordinator(name: str = "") -> Membership:
    """Of an organisation of the own; a coordinator of the national desk stands elsewhere."""
    organisation = make_organisation(OrganisationType.CARE_COORD)
    return make_member(Role.ZC, organisation=organisation, name=name)


@pytest.fixture
def coordinator():
    return make_coordinator("Alice")


@pytest.fixture
def person(coordinator):
    person = make_person(make_member(Role.LE_POLICE))
    grant_case(person, coordinator)
    return person


@pytest.fixture
def consent_at(coordinator, person):
    def at_state(state, *, purpose=Purpose.PLACEMENT, at=None, **options):
        moment = at or NOW
        with acting(coordinator, purpose="test"):
            consent = ask_consent(person, purpose=purpose, by=coordinator, at=moment, **options)
            if state == State.ASKED:
                return consent
            answer = {"answer": Answer(), "by": coordinator}
            if state == State.EXPIRED:
                moment -= YEAR + timedelta(days=1)
            consent = record_answer(consent, given=state != State.REFUSED, at=moment, **answer)
            if state == State.WITHDRAWN:
                return withdraw_consent(
                    consent, reason=WithdrawalReason.SAFETY, by=coordinator, at=moment
                )
            if state in {State.EXPIRED, State.REPLACED}:
                newer = ask_consent(person, purpose=purpose, by=coordinator, at=NOW, **options)
                record_answer(newer, given=True, at=NOW, **answer)
                return Consent.objects.get(pk=consent.pk)
        return consent

    return at_state


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield
