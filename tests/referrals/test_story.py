"""From asking to what became of it, with every wrong turn; and what each side sees meanwhile."""

from datetime import datetime, time, timedelta
from itertools import product

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from referral.access.context import acting, service
from referral.cases.models import Case
from referral.cases.referrals.actions import (
    accept_referral,
    complete_referral,
    expire_referrals,
    offer_referral,
    open_referral_package,
    record_contact,
    remind_of_referrals,
    tell_late_contacts,
    withdraw_referral,
)
from referral.cases.referrals.models import Referral, ReferralPackage
from referral.cases.referrals.workflow import (
    ENDED,
    HELPING,
    REFERRAL_MOVES,
    ReferralSide,
    ReferralStatus,
)
from referral.cases.rules import CaseRefused, MoveRefused
from referral.cases.workflow import CaseStatus
from referral.organisations.roles import OrganisationType, Role
from referral.persons.models import Person
from referral.sharing.rules import SharingRefused
from tests.factories.cases import FACTS, case_at, colleague_of, doing, give_consent, make_country
from tests.factories.people import make_member, make_organisation
from tests.factories.referrals import (
    SECRET,
    consent_for,
    make_lawyer,
    referral_at,
    request_of,
)

pytestmark = pytest.mark.django_db
M = ReferralStatus


def test_a_lawyer_is_asked_accepts_helps_and_says_what_became_of_it():
    country, lawyer, now = make_country(), make_lawyer(), timezone.now()
    alice, case = country.alice, case_at(CaseStatus.ACTIVE, country)
    with doing(alice):
        # Care in general is not this lawyer.
        give_consent(case, "care_coordination", by=alice)
        with pytest.raises(SharingRefused, match=lawyer.organisation.name):
            offer_referral(request_of(case, lawyer), by=alice, at=now)
    consent_for(case, lawyer, by=alice)
    with doing(alice):
        with pytest.raises(CaseRefused):
            offer_referral(request_of(case, lawyer, sections=[]), by=alice, at=now)
        referral = offer_referral(request_of(case, lawyer), by=alice, at=now)
        with pytest.raises(CaseRefused), transaction.atomic():
            offer_referral(request_of(case, lawyer), by=alice, at=now)
        assert SECRET.encode() not in bytes(ReferralPackage.objects.get().sealed)

    # Before acceptance: the envelope, and none of what lies behind it.
    with doing(lawyer):
        assert not Case.objects.exists()
        assert not Person.objects.exists()
        assert not ReferralPackage.objects.exists()
        with pytest.raises(ReferralPackage.DoesNotExist):
            open_referral_package(referral, by=lawyer, at=now)
        accepted = accept_referral(referral, by=lawyer, at=now)
        with pytest.raises(MoveRefused):
            accept_referral(referral, by=lawyer, at=now)
        package = open_referral_package(accepted, by=lawyer, at=now)
        assert package["sections"]["message"]["text"] == SECRET
        assert package["sections"]["identity"]["family_name"] == FACTS.family_name
        # After it the package, and still no case and no person.
        assert not Case.objects.exists()
        assert not Person.objects.exists()
        record_contact(referral, by=lawyer, at=now)
        done = complete_referral(referral, result="helped", by=lawyer, at=now)
        assert (done.status, done.answered_by, done.contacted_by) == (
            M.COMPLETED, lawyer.user, lawyer.user,
        )  # fmt: skip
        # The task is over, and so is the sight of it.
        assert not ReferralPackage.objects.exists()
    with doing(alice):
        assert open_referral_package(referral, by=alice, at=now)["version"] == 1
    with doing(colleague_of(country.charlie)):
        assert not Referral.objects.exists()


def test_the_immigration_side_gets_who_somebody_is_and_nothing_of_the_care():
    country, now = make_country(), timezone.now()
    case = case_at(CaseStatus.ACTIVE, country)
    liaison = make_member(Role.PARTNER_NGO, organisation=make_organisation(OrganisationType.IND))
    with doing(country.alice):
        with pytest.raises(CaseRefused):
            offer_referral(request_of(case, liaison), by=country.alice, at=now)
        with pytest.raises(SharingRefused):  # another purpose, and nobody asked
            offer_referral(
                request_of(case, liaison, sections=["identity"], message=""),
                by=country.alice,
                at=now,
            )
        police = make_member(Role.LE_POLICE)
        with pytest.raises(CaseRefused):
            offer_referral(request_of(case, police), by=country.alice, at=now)


def test_the_clock_reminds_once_ends_what_nobody_answered_and_tells_of_late_contact():
    country, lawyer, now = make_country(), make_lawyer(), timezone.now()
    waiting = referral_at(M.OFFERED, country, receiver=lawyer)
    helping = referral_at(M.ACCEPTED, country, receiver=lawyer)
    on_last_day = timezone.make_aware(datetime.combine(waiting.answer_due_on, time(9)))
    with acting(service(Role.SERVICE_SWEEPER), purpose="test") as sweeper:
        assert expire_referrals(by=sweeper, at=now) == 0
        assert remind_of_referrals(by=sweeper, at=on_last_day) == 1
        assert remind_of_referrals(by=sweeper, at=on_last_day) == 0
        later = on_last_day + timedelta(days=9)
        assert expire_referrals(by=sweeper, at=later) == 1
        assert tell_late_contacts(by=sweeper, at=later) == 1
        assert tell_late_contacts(by=sweeper, at=later) == 0
    with doing(lawyer), pytest.raises(MoveRefused):
        accept_referral(waiting, by=lawyer, at=now)
    with doing(country.alice):
        found = {one.pk: one.status for one in Referral.objects.all()}
        assert found == {waiting.pk: M.EXPIRED, helping.pk: M.ACCEPTED}
        with pytest.raises(MoveRefused):
            withdraw_referral(waiting, by=country.alice, at=now)


def filled(status, member):
    """What the constraints want of a row in this status."""
    now, who = timezone.now(), member.user_id
    found = {"status": status}
    if status in {*HELPING, M.DECLINED, M.COMPLETED}:
        found |= {"answered_at": now, "answered_by": who}
    if status in ENDED:
        found |= {"ended_at": now, "ended_by": who}
    if status == M.CONTACTED:
        found |= {"contacted_at": now, "contacted_by": who}
    return found | {
        M.DECLINED: {"decline_reason": "other"}, M.COMPLETED: {"result": "helped"},
    }.get(status, {})  # fmt: skip


def change(referral, changed, *, role="baken_web"):
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
    return Referral.objects.filter(pk=referral.pk).update(**changed)


def test_the_database_knows_the_same_moves_and_whose_they_are():
    country, lawyer = make_country(), make_lawyer()
    actors = {
        ReferralSide.SENDER: country.alice,
        ReferralSide.RECEIVER: lawyer,
        ReferralSide.CLOCK: service(Role.SERVICE_SWEEPER),
        None: make_lawyer(),
    }
    referral = referral_at(M.OFFERED, country, receiver=lawyer)
    differ = []
    for start, goal, (side, actor) in product(ReferralStatus, ReferralStatus, actors.items()):
        if start == goal:
            continue
        with acting(actor, purpose="test"), transaction.atomic():
            change(referral, filled(start, lawyer), role="baken_guard")
            try:
                with transaction.atomic():
                    rows = change(referral, filled(goal, lawyer))
            except IntegrityError as refused:
                if "referral_moves_along_the_table" not in str(refused):
                    raise
                rows = 0
            transaction.set_rollback(True)
        if bool(rows) != (side is not None and REFERRAL_MOVES[start].get(goal) == side):
            differ.append((start, goal, side))
    assert not differ
    with doing(country.alice), pytest.raises(ProgrammingError, match="permission denied"):
        change(referral, {"needs": ["work"]})  # what was offered stays what was offered


def test_the_database_keeps_each_sentence():
    country, now = make_country(), timezone.now()
    referral = referral_at(M.OFFERED, country, receiver=make_lawyer())
    sentences = {
        "referral_status_is_known": {"status": "gone"},
        "referral_is_not_to_itself": {"to_organisation": country.alice.organisation},
        "referral_urgency_is_known": {"urgency": "soon"},
        "referral_says_which_help_is_asked": {"needs": []},
        "referral_sections_are_known": {"sections": ["notes"]},
        "referral_package_has_a_hash": {"package_hash": "x"},
        "referral_answer_has_time_and_name": {"answered_at": now},
        "referral_is_answered_before_help_begins": {"status": "accepted"},
        "referral_is_declined_with_a_reason": {"decline_reason": "other"},
        "referral_contact_has_time_and_name": {"contacted_at": now},
        "referral_ends_by_someone_at_a_time": {"ended_at": now},
        "referral_is_completed_with_a_result": {"result": "helped"},
    }
    for sentence, changed in sentences.items():
        # To the guard the table of moves does not apply, the constraints do.
        with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
            change(referral, changed, role="baken_guard")
