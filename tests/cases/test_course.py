"""From a registration to a closed case: who is asked, who wins, what is refused and why."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from referral.audit.models import AuditEvent
from referral.cases.actions import (
    Closure,
    Offer,
    accept_case,
    accept_cases,
    close_case,
    close_cases,
    list_home_cases,
    offer_case,
    offer_cases,
    offer_elsewhere,
    open_case,
    pass_next_step,
    plan_next_step,
    read_care_notes,
    write_care_note,
)
from referral.cases.models import CareNote, Case, NextStep, Profile
from referral.cases.rules import CaseRefused, MoveRefused, reach_of
from referral.cases.workflow import CaseStatus, HandoffStatus
from referral.lib.crypto import Unreadable
from referral.lib.working_days import working_days_after
from referral.organisations.roles import Role
from referral.persons.models import Person
from referral.sharing.rules import SharingRefused
from tests.factories.cases import (
    case_at,
    colleague_of,
    doing,
    handoff_at,
    make_registration,
)
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db


def trail() -> list[str]:
    """What the trail holds, oldest first, whoever wrote it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_auditor")
        cursor.execute("SELECT action FROM audit_auditevent ORDER BY id")
        return [action for (action,) in cursor.fetchall()]


def notices() -> list[tuple[str, int]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
        cursor.execute("SELECT kind, organisation_id FROM notices_notice ORDER BY posted_at, id")
        return cursor.fetchall()


def test_a_case_is_offered_to_who_coordinates_the_region(country):
    registration = make_registration(country)
    with doing(country.desk):
        case = offer_case(
            registration,
            care_region=country.here,
            priority="high",
            needs=["shelter", "legal"],
            by=country.desk,
            at=timezone.now(),
        )
    assert case.status == CaseStatus.INTAKE
    assert case.owner_organisation == country.desk.organisation
    assert case.offered_to_id == country.alice.organisation_id
    assert case.next_step == NextStep.ACCEPT_CASE
    assert case.next_deadline_on == working_days_after(timezone.localdate(), 2)
    assert ("case_offered", country.alice.organisation_id) in notices()
    assert trail()[-1] == "case_offered"


def test_until_it_is_accepted_the_desk_offers_it_to_another_region(country):
    case, desk, now = case_at(CaseStatus.INTAKE, country), country.desk, timezone.now()
    with doing(desk):
        with pytest.raises(CaseRefused):
            offer_elsewhere(case, care_region=country.here, by=desk, at=now)
        moved = offer_elsewhere(case, care_region=country.there, by=desk, at=now)
    assert (moved.status, moved.offered_to) == (CaseStatus.INTAKE, country.bob.organisation)
    assert moved.next_step_by == country.bob.organisation

    with doing(country.alice), pytest.raises(Case.DoesNotExist):
        accept_case(case, by=country.alice, at=now)
    with doing(country.bob):
        assert reach_of(moved, country.bob).profile == Profile.ENVELOPE
        accept_case(case, by=country.bob, at=now)
    for member in (desk, country.alice):  # accepted, or never theirs to offer
        with doing(member), pytest.raises((MoveRefused, Case.DoesNotExist)):
            offer_elsewhere(case, care_region=country.here, by=member, at=now)
    told = [("case_offered_elsewhere", country.alice), ("case_offered", country.bob)]
    assert {(kind, member.organisation_id) for kind, member in told} <= set(notices())
    assert trail()[-2:] == ["case_offered_elsewhere", "case_accepted"]


def test_the_database_lets_no_offer_be_taken_away_or_moved_by_another(country):
    case = case_at(CaseStatus.INTAKE, country)
    other = country.bob.organisation_id
    with doing(country.bob):
        assert Case.objects.filter(pk=case.pk).update(offered_to=other) == 0
    with doing(country.alice), pytest.raises(IntegrityError, match="one_at_a_time"):
        Case.objects.filter(pk=case.pk).update(offered_to=other)
    with doing(country.desk), pytest.raises(IntegrityError, match="one_at_a_time"):
        Case.objects.filter(pk=case.pk).update(offered_to=None)


def test_where_nobody_coordinates_the_desk_does_it_itself(country):
    case = case_at(CaseStatus.INTAKE, country, region=country.uncovered)
    assert case.offered_to == country.desk.organisation
    coordinator = make_member(Role.ZC, organisation=country.desk.organisation)
    with doing(country.desk), pytest.raises(MoveRefused):
        accept_case(case, by=country.desk, at=timezone.now())
    with doing(coordinator):
        assert reach_of(case, coordinator).profile == Profile.HEADER
        accept_case(case, by=coordinator, at=timezone.now())
        assert reach_of(case, coordinator).manages


def test_a_crisis_is_answered_the_same_day(country):
    case = case_at(CaseStatus.INTAKE, country, priority="crisis")
    assert case.next_deadline_on == timezone.localdate(case.opened_at)


def test_without_consent_nobody_is_passed_on(country):
    registration = make_registration(country, help_wanted="no")
    with doing(country.desk), pytest.raises(SharingRefused, match=r"consent|toestemming"):
        offer_case(registration, care_region=country.here, by=country.desk, at=timezone.now())


@pytest.mark.parametrize("how", [{"completed": False}, {"care_needed": False}])
def test_only_a_completed_registration_that_needs_care_becomes_a_case(country, how):
    registration = make_registration(country, **how)
    with doing(country.desk), pytest.raises(CaseRefused):
        offer_case(registration, care_region=country.here, by=country.desk, at=timezone.now())


def test_a_registration_becomes_one_case(country):
    case = case_at(CaseStatus.INTAKE, country)
    with doing(country.desk):
        registration = Case.objects.select_related("registration").get(pk=case.pk).registration
        with pytest.raises(IntegrityError, match="registration"), transaction.atomic():
            offer_case(registration, care_region=country.here, by=country.desk, at=timezone.now())


def test_who_accepts_is_responsible_and_the_desk_keeps_the_header(country):
    case = case_at(CaseStatus.INTAKE, country)
    with doing(country.alice):
        assert reach_of(case, country.alice).profile == Profile.ENVELOPE
        assert not Person.objects.visible_to(country.alice).exists()
        accepted = accept_case(case, by=country.alice, at=timezone.now())
        assert Person.objects.visible_to(country.alice).get().pk == accepted.person_id
        assert reach_of(accepted, country.alice).manages
    assert accepted.owner_organisation == country.alice.organisation
    assert accepted.coordinator == country.alice.user
    assert accepted.next_step == NextStep.FIRST_CONTACT
    assert ("case_accepted", country.desk.organisation_id) in notices()
    with doing(country.desk):
        assert reach_of(accepted, country.desk).profile == Profile.HEADER
        assert not CareNote.objects.visible_to(country.desk).exists()


def test_a_case_is_accepted_once(country):
    case = case_at(CaseStatus.ACTIVE, country)
    colleague = colleague_of(country.alice)
    with doing(colleague), pytest.raises(MoveRefused):
        accept_case(case, by=colleague, at=timezone.now())
    with doing(country.bob), pytest.raises(Case.DoesNotExist):
        accept_case(case, by=country.bob, at=timezone.now())


def test_who_reads_a_case_is_written_down_with_the_grant(country):
    case = case_at(CaseStatus.ACTIVE, country)
    with doing(country.alice):
        _case, reach = open_case(case, by=country.alice, at=timezone.now())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_auditor")
        event = AuditEvent.objects.get(action="case_opened")
        cursor.execute("SET LOCAL ROLE baken_web")
    assert (event.object_id, event.grant_used) == (str(case.pk), str(reach.grant))
    with doing(country.bob), pytest.raises(Case.DoesNotExist):
        open_case(case, by=country.bob, at=timezone.now())


def test_a_note_is_sealed_and_read_back_by_who_may(country):
    case, words = case_at(CaseStatus.ACTIVE, country), "Sleeps badly since Tuesday."
    with doing(country.alice):
        note = write_care_note(case, text=f"  {words} ", by=country.alice, at=timezone.now())
        assert words.encode() not in bytes(note.sealed)
        [read] = read_care_notes(case, by=country.alice, at=timezone.now())
        assert read.text == words
        other = CareNote(sealed=note.sealed)
        with pytest.raises(Unreadable):
            other.opened_text(key=Case.objects.get(pk=case.pk).person.key)
    assert trail()[-2:] == ["care_note_written", "care_notes_read"]
    for stranger in (country.bob, country.desk, country.placement):
        with doing(stranger):
            assert read_care_notes(case, by=stranger, at=timezone.now()) == []


@pytest.mark.parametrize("text", ["", "   ", "a" * 20_001])
def test_a_note_has_words_and_not_too_many(country, text):
    case = case_at(CaseStatus.ACTIVE, country)
    with doing(country.alice), pytest.raises(CaseRefused):
        write_care_note(case, text=text, by=country.alice, at=timezone.now())


def test_only_who_works_on_an_active_case_writes(country):
    now = timezone.now()
    waiting = case_at(CaseStatus.INTAKE, country)
    closed = case_at(CaseStatus.CLOSED, country)
    for case in (waiting, closed):
        with doing(country.alice), pytest.raises(MoveRefused):
            write_care_note(case, text="Words.", by=country.alice, at=now)
        with doing(country.alice), pytest.raises(MoveRefused):
            plan_next_step(case, step="make_plan", deadline=now.date(), by=country.alice, at=now)


def test_the_next_step_has_a_holder_and_a_day(country):
    case, now = case_at(CaseStatus.ACTIVE, country), timezone.now()
    day = timezone.localdate(now) + timedelta(days=14)
    with doing(country.alice):
        planned = plan_next_step(case, step="make_plan", deadline=day, by=country.alice, at=now)
        assert (planned.next_step, planned.next_deadline_on) == ("make_plan", day)
        for step, deadline in (
            ("accept_case", day),
            ("make_plan", None),
            ("make_plan", date(2020, 1, 1)),
        ):
            with pytest.raises(CaseRefused):
                plan_next_step(case, step=step, deadline=deadline, by=country.alice, at=now)


def test_the_placement_desk_passes_the_step_and_nobody_outside(country):
    case, now = case_at(CaseStatus.ACTIVE, country), timezone.now()
    shelter = make_member(Role.SHELTER_WORKER)
    what = {"step": NextStep.ANSWER_PLACEMENT, "to": shelter.organisation, "deadline": None}
    with doing(country.placement):
        assert pass_next_step(case, **what, by=country.placement, at=now)
    for stranger in (shelter, country.charlie, country.officer):
        with doing(stranger):
            assert not pass_next_step(case, **what, by=stranger, at=now)
    with doing(country.alice):
        found = Case.objects.get(pk=case.pk)
        assert (found.next_step, found.next_step_by) == ("answer_placement", shelter.organisation)


def test_a_closed_case_says_why_and_is_not_changed_again(country):
    case, now = case_at(CaseStatus.ACTIVE, country), timezone.now()
    ending = {"reason": "regular_care", "outcome": "safe_supported", "person_informed": True}
    with doing(country.alice):
        for wrong in ({"reason": "handed over"}, {"outcome": ""}):
            with pytest.raises(CaseRefused):
                close_case(case, **ending | wrong, by=country.alice, at=now)
        closed = close_case(case, **ending, by=country.alice, at=now)
        assert (closed.status, closed.next_step, closed.next_step_by) == ("closed", "", None)
        with pytest.raises(IntegrityError, match="closed_case_is_not_changed"):
            Case.objects.filter(pk=case.pk).update(outcome="unsafe")


def test_a_case_on_offer_is_not_closed(country):
    handoff = handoff_at(HandoffStatus.OFFERED, country)
    ending = {"reason": "regular_care", "outcome": "unknown", "person_informed": True}
    with doing(country.alice):
        case = Case.objects.get(pk=handoff.case_id)
        with pytest.raises(MoveRefused, match=r"Withdraw|Trek"):
            close_case(case, **ending, by=country.alice, at=timezone.now())
        assert Case.objects.get(pk=case.pk).status == CaseStatus.ACTIVE


def test_an_obstacle_of_another_room_becomes_a_sentence(country):
    """The shelters' own trigger refuses in the same way."""
    case = case_at(CaseStatus.ACTIVE, country)
    ending = {"reason": "regular_care", "outcome": "unknown", "person_informed": True}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute(
            "ALTER TABLE cases_case ADD CONSTRAINT case_with_an_open_placement_stays_open"
            " CHECK (status <> 'closed')"
        )
        cursor.execute("SET LOCAL ROLE baken_web")
        with doing(country.alice), pytest.raises(MoveRefused, match=r"placement|plaatsing"):
            close_case(case, **ending, by=country.alice, at=timezone.now())
        transaction.set_rollback(True)


def test_many_at_once_is_the_same_as_one_by_one(country):
    """The seed's path: each at its own moment, long ago."""
    moments = [timezone.now() - timedelta(days=300 - n) for n in range(3)]
    registrations = [make_registration(country, at=at) for at in moments]
    with doing(country.desk):
        offers = [Offer(registration=one, care_region=country.here) for one in registrations]
        cases = offer_cases(offers, by=country.desk, at=moments)
    later = [at + timedelta(days=1) for at in moments]
    with doing(country.alice):
        cases = accept_cases(cases, by=country.alice, at=later)
        endings = [
            Closure(case=case, reason="other", outcome="unknown", person_informed=False)
            for case in cases
        ]
        ended = [at + timedelta(days=100) for at in moments]
        close_cases(endings, by=country.alice, at=ended)
        found = list(Case.objects.visible_to(country.alice).order_by("opened_at"))
    assert [case.opened_at for case in found] == moments
    assert [case.accepted_at for case in found] == later
    assert [case.closed_at for case in found] == ended
    assert {case.reference[:10] for case in found} == {
        f"CASE-{timezone.localdate(at).year}-" for at in moments
    }
    with pytest.raises(ValueError, match="moments"), doing(country.desk):
        offer_cases(offers, by=country.desk, at=moments[:1])


def test_home_shows_each_role_its_own_work(country):
    case_at(CaseStatus.ACTIVE, country)
    case_at(CaseStatus.INTAKE, country)
    make_registration(country)
    handoff_at(HandoffStatus.OFFERED, country, sender=country.alice)
    with doing(country.alice):
        home = list_home_cases(by=country.alice, at=timezone.now())
    assert home.kind == "coordinator"
    assert home.counts == {"mine": 2, "organisation": 2, "offers": 1, "handoffs_out": 1}
    with doing(country.bob):
        assert list_home_cases(by=country.bob, at=timezone.now()).counts["offers"] == 1
    with doing(country.desk):
        home = list_home_cases(by=country.desk, at=timezone.now())
    assert (home.kind, home.counts) == ("desk", {"to_offer": 1, "waiting": 1, "late": 0})
    with doing(country.officer):
        assert list_home_cases(by=country.officer, at=timezone.now()).kind == ""
