"""A handoff from draft to completion, and what becomes of one that nobody answers."""

from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from referral.access.context import acting, service
from referral.audit.models import AuditEvent
from referral.cases.actions import (
    Completion,
    Proposal,
    accept_handoff,
    ask_about_handoff,
    complete_handoff,
    decline_handoff,
    escalate_handoffs,
    expire_handoffs,
    list_revisions,
    offer_handoff,
    open_package,
    read_exchanges,
    remind_of_handoffs,
    remind_of_meetings,
    reply_about_handoff,
    review_handoff,
    save_draft,
    withdraw_handoff,
    write_care_note,
)
from referral.cases.models import (
    Case,
    Handoff,
    HandoffPackage,
    HandoffQuestion,
    HandoffRevision,
    HandoffTerm,
)
from referral.cases.rules import CaseRefused, MoveRefused
from referral.cases.tasks import keep_handoff_terms
from referral.cases.workflow import CaseStatus, HandoffStatus
from referral.lib.working_days import working_days_after
from referral.notices.models import Notice
from referral.organisations.roles import Role
from referral.sharing.models import Purpose
from tests.factories.cases import case_at, doing, give_consent, handoff_at
from tests.factories.people import sign_in

pytestmark = pytest.mark.django_db


def orphans() -> int:
    """Open cases without an owner, past every policy."""
    with as_guard():
        return Case.objects.without_an_owner().count()


def test_from_draft_to_completion_the_case_always_has_an_owner(country):
    case, now = case_at(CaseStatus.ACTIVE, country), timezone.now()
    alice, bob = country.alice, country.bob
    proposal = Proposal(case=case, care_region=country.there, reason="moved")
    with doing(alice):  # without consent a draft can be kept, and not be offered
        draft = save_draft(proposal, by=alice, at=now)
        assert (draft.status, draft.package_hash) == (HandoffStatus.DRAFT, "")
        again = save_draft(
            Proposal(case=case, care_region=country.there, reason="safety"), by=alice, at=now
        )
        assert (again.pk, again.reason) == (draft.pk, "safety")
        assert Case.objects.get(pk=case.pk).offered_to is None
    with doing(bob):
        assert not Handoff.objects.visible_to(bob).exists()
        assert not Handoff.objects.exists()

    give_consent(case, Purpose.HANDOFF, by=alice)
    with doing(alice):
        handoff = offer_handoff(proposal, by=alice, at=now)
        first = handoff.package_hash
        assert (handoff.pk, handoff.status, handoff.version) == (draft.pk, "offered", 1)
        assert open_package(handoff, by=alice, at=now)["version"] == 1
        with pytest.raises(MoveRefused):
            reply_about_handoff(handoff, text="Why?", pack_again=False, by=alice, at=now)
    assert orphans() == 0

    with doing(bob):
        assert review_handoff(handoff, by=bob, at=now).reviewed_by == bob.user
        with pytest.raises(CaseRefused):
            ask_about_handoff(handoff, text=" ", by=bob, at=now)
        question = ask_about_handoff(handoff, text="Which language?", by=bob, at=now)
        with pytest.raises(MoveRefused):
            ask_about_handoff(handoff, text="And more?", by=bob, at=now)
        assert Case.objects.get(pk=case.pk).next_step_by == alice.organisation
        assert b"language" not in bytes(question.sealed)
    with doing(alice):
        write_care_note(case, text="Speaks Polish.", by=alice, at=now)
        reply_about_handoff(handoff, text="Polish.", pack_again=True, by=alice, at=now)
        handoff = Handoff.objects.get(pk=handoff.pk)
        assert (handoff.status, handoff.version) == (HandoffStatus.IN_REVIEW, 2)
        [revision] = list_revisions(handoff, by=alice)
        assert (revision.replaced_hash, revision.package_hash) == (first, handoff.package_hash)
        package = open_package(handoff, by=alice, at=now)
        assert (package["version"], len(package["sections"]["notes"])) == (2, 1)
    with doing(country.charlie):
        assert not HandoffQuestion.objects.exists()
    with doing(bob):
        [exchange] = read_exchanges(handoff, by=bob, at=now)
        assert (exchange.text, exchange.reply) == ("Which language?", "Polish.")
        assert not HandoffRevision.objects.exists()  # as the package: only after acceptance
        assert Case.objects.get(pk=case.pk).next_step_by == bob.organisation
    assert orphans() == 0

    today, soon = timezone.localdate(now), timezone.localdate(now) + timedelta(days=3)
    with doing(bob):
        accepted = accept_handoff(handoff, warm_meeting_on=soon, by=bob, at=now)
        for too_soon in (None, soon):
            with pytest.raises(CaseRefused):
                complete_handoff(
                    Completion(handoff=accepted, met_on=too_soon, victim_informed=True),
                    by=bob, at=now,
                )  # fmt: skip
        done = Completion(handoff=accepted, met_on=today, victim_informed=True)
        completed = complete_handoff(done, by=bob, at=now)
        assert (completed.status, completed.victim_informed) == (HandoffStatus.COMPLETED, True)
        assert open_package(completed, by=bob, at=now)["version"] == 2
        with pytest.raises(MoveRefused):
            complete_handoff(done, by=bob, at=now)
    assert orphans() == 0
    with as_guard():
        of_handoff = AuditEvent.objects.filter(object_id=str(handoff.pk))
        told = set(of_handoff.values_list("action", flat=True))
    assert told >= {
        "handoff_drafted", "handoff_offered", "handoff_review_begun", "handoff_question_asked",
        "handoff_question_answered", "handoff_packed_anew", "handoff_questions_read",
        "handoff_accepted", "handoff_completed",
    }  # fmt: skip


def test_who_does_not_take_the_case_over_reads_no_questions_any_more(country):
    handoff = handoff_at(HandoffStatus.INFO_REQUESTED, country)
    with doing(country.bob):
        assert HandoffQuestion.objects.visible_to(country.bob).count() == 1
        decline_handoff(handoff, reason="capacity", by=country.bob, at=timezone.now())
        assert not HandoffQuestion.objects.visible_to(country.bob).exists()
        assert not HandoffQuestion.objects.exists()
    with doing(country.alice):
        assert HandoffQuestion.objects.visible_to(country.alice).count() == 1


def test_after_thirty_days_the_sender_reads_neither_package_nor_questions(country, client):
    long_ago = timezone.now() - timedelta(days=30, minutes=1)
    asked = handoff_at(HandoffStatus.INFO_REQUESTED, country, at=long_ago)
    with doing(country.bob):
        asked.warm_meeting_on = long_ago.date()
        accept_handoff(asked, by=country.bob, at=long_ago)
    for member, reads in ((country.alice, False), (country.bob, True)):
        with doing(member):
            for rows in (HandoffPackage.objects, HandoffQuestion.objects):
                assert rows.visible_to(member).exists() is reads
                assert rows.exists() is reads
    sign_in(client, country.alice)
    page = client.get(asked.get_absolute_url())  # what remains is that it was handed over
    assert page.status_code == 200
    assert "Why?" not in page.content.decode()


def test_a_draft_is_thrown_away_and_another_made(country):
    draft, now = handoff_at(HandoffStatus.DRAFT, country), timezone.now()
    with doing(country.alice):
        assert withdraw_handoff(draft, by=country.alice, at=now).status == HandoffStatus.WITHDRAWN
        assert Case.objects.get(pk=draft.case_id).owner_organisation == country.alice.organisation
        with pytest.raises(MoveRefused):
            withdraw_handoff(draft, by=country.alice, at=now)
    assert handoff_at(HandoffStatus.OFFERED, country, case=draft.case).version == 2


def days_later(day: date, count: int) -> datetime:
    return timezone.make_aware(
        datetime.combine(working_days_after(day, count), datetime.min.time())
    ) + timedelta(hours=9)


def test_the_clock_reminds_tells_the_desk_and_gives_the_case_back(country):
    offered = timezone.now()
    handoff = handoff_at(HandoffStatus.OFFERED, country, at=offered)
    start = timezone.localdate(offered)
    clock = service(Role.SERVICE_SWEEPER)
    with doing(country.desk):
        assert not Handoff.objects.exists()

    def rounds(at: datetime) -> list[int]:
        deeds = (remind_of_handoffs, escalate_handoffs, expire_handoffs)
        with acting(clock, purpose="test"), transaction.atomic():
            return [deed(by=clock, at=at) for deed in deeds]

    assert rounds(offered) == [0, 0, 0]
    assert rounds(days_later(start, 1)) == [1, 0, 0]
    assert rounds(days_later(start, 2)) == [0, 0, 0]
    assert rounds(days_later(start, 3)) == [0, 1, 0]
    with doing(country.desk):
        [late] = Handoff.objects.visible_to(country.desk)
        assert late == handoff
        assert not HandoffPackage.objects.exists()
    assert rounds(days_later(start, 10)) == [0, 0, 0]
    assert rounds(days_later(start, 11)) == [0, 0, 1]
    assert rounds(days_later(start, 11)) == [0, 0, 0]
    with doing(country.alice):
        case, ended = Case.objects.get(pk=handoff.case_id), Handoff.objects.get(pk=handoff.pk)
        assert (ended.status, ended.answered_by) == (HandoffStatus.EXPIRED, clock.user)
        assert (case.owner_organisation, case.offered_to) == (country.alice.organisation, None)
        assert case.next_step_by == country.alice.organisation
    with doing(country.bob):
        assert not Case.objects.exists()
        with pytest.raises(MoveRefused):
            accept_handoff(handoff, by=country.bob, at=offered)
    assert orphans() == 0
    keep_handoff_terms()


def test_both_sides_are_told_once_of_a_meeting_that_nobody_wrote_down(country):
    accepted, later = handoff_at(HandoffStatus.ACCEPTED, country), handoff_at("accepted", country)
    clock, day = service(Role.SERVICE_SWEEPER), accepted.warm_meeting_on

    def told(days: int) -> int:
        at = timezone.now() + (day - timezone.localdate()) + timedelta(days=days)
        with acting(clock, purpose="test"), transaction.atomic():
            return remind_of_meetings(by=clock, at=at)

    assert told(0) == 0  # it may be today
    with doing(country.bob):
        done = Completion(handoff=later, met_on=timezone.localdate(), victim_informed=True)
        complete_handoff(done, by=country.bob, at=timezone.now())
    assert [told(1), told(2)] == [1, 0]
    with as_guard():
        letters = Notice.objects.filter(kind="handoff_unmet").order_by("organisation")
        sides = [country.alice.organisation_id, country.bob.organisation_id]
        assert list(letters.values_list("organisation", "role")) == [(one, "zc") for one in sides]
    with doing(country.bob), connection.cursor() as cursor:  # and to nobody else it says anything
        cursor.execute("SELECT * FROM baken.tell_of_meetings('2099-01-01', now())")
        assert cursor.fetchall() == []


def test_a_question_gives_the_turn_and_its_term_to_the_sender(country):
    at = timezone.now()
    asked = handoff_at(HandoffStatus.INFO_REQUESTED, country, at=at)
    clock = service(Role.SERVICE_SWEEPER)
    with acting(clock, purpose="test"), transaction.atomic():
        later = days_later(timezone.localdate(at), 1)
        assert remind_of_handoffs(by=clock, at=later) == 1
    with doing(country.alice):
        reply_about_handoff(asked, text="So.", pack_again=False, by=country.alice, at=later)
        replied = Handoff.objects.get(pk=asked.pk)
        assert replied.reminded_at is None
        assert replied.remind_on == working_days_after(timezone.localdate(later), 1)
        assert (replied.version, list_revisions(replied, by=country.alice)) == (1, [])


def test_who_was_asked_replies_and_does_not_pass_the_question_by(country):
    """Taking an offer up leads where a reply leads; done for it, the question stayed open."""
    asked = handoff_at(HandoffStatus.INFO_REQUESTED, country)
    for member in (country.alice, country.bob):
        with doing(member), pytest.raises(MoveRefused):
            review_handoff(asked, by=member, at=timezone.now())
    refused = pytest.raises(IntegrityError, match="handoff_goes_back_with_a_reply")
    with doing(country.alice), refused, transaction.atomic():
        Handoff.objects.filter(pk=asked.pk).update(status=HandoffStatus.IN_REVIEW)


def test_what_the_database_refuses_of_a_handoff(country):
    handoff = handoff_at(HandoffStatus.COMPLETED, country)
    asked = handoff_at(HandoffStatus.INFO_REQUESTED, country)
    now, alice = timezone.now(), country.alice
    with doing(alice):
        reply_about_handoff(asked, text="So.", pack_again=True, by=alice, at=now)

    handoffs = Handoff.objects.filter(pk=handoff.pk)
    questions = HandoffQuestion.objects.filter(handoff=asked)
    revisions = HandoffRevision.objects.filter(handoff=asked)
    refused("handoff_is_completed_by_someone_after_the_meeting", handoffs, met_on=None)
    refused(
        "handoff_in_review_has_a_reviewer",
        Handoff.objects.filter(pk=asked.pk), status="in_review", reviewed_at=None,
    )  # fmt: skip
    refused("handoff_reply_is_given_once", questions, replied_at=now)
    refused("handoff_revision_replaces_another_package", revisions, package_hash="no hash")
    terms = HandoffTerm.objects.all()
    refused("handoff_terms_follow_one_another_and_say_why", terms, escalate_days=1)
    refused("handoff_terms_follow_one_another_and_say_why", terms, source="")
    refused("handoff_terms_hold_in_some_time", terms, valid="empty")
    twice = HandoffTerm(version=2, valid=(now, None), source="Twice.")
    twice.remind_days, twice.answer_days, twice.escalate_days, twice.expire_days = 1, 2, 3, 4
    with pytest.raises(IntegrityError, match="one_version_in_force"), as_guard():
        twice.save()
    again = HandoffQuestion(handoff=asked, sealed=b"", asked_at=now, asked_by=country.bob.user)
    other = HandoffQuestion(handoff=asked, sealed=b"", asked_at=now, asked_by=country.bob.user)
    with pytest.raises(IntegrityError, match="handoff_has_one_open_question"), as_guard():
        HandoffQuestion.objects.bulk_create([again, other])
    other.replied_at = now
    with pytest.raises(IntegrityError, match="handoff_reply_has_words_time_and_name"), as_guard():
        other.save(force_insert=True)
    with doing(alice):
        [revision] = list_revisions(asked, by=alice)
    revision.pk, revision.sealed = None, b""
    with pytest.raises(IntegrityError, match="handoff_revisions_are_numbered"), as_guard():
        HandoffRevision.objects.bulk_create([revision])


@contextmanager
def as_guard():
    """Past policies and moves, but not past constraints."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
        yield
        cursor.execute("SET LOCAL ROLE baken_web")


def refused(sentence: str, found, **values: object) -> None:
    with pytest.raises(IntegrityError, match=sentence), as_guard():
        found.update(**values)


def test_both_sides_go_through_it_on_their_pages(country, client):
    case, today = case_at(CaseStatus.ACTIVE, country), timezone.localdate()
    give_consent(case, Purpose.HANDOFF, by=country.alice)
    offer = reverse("cases:offer_handoff", args=[case.pk])
    answers = {
        "care_region": country.there.pk, "reason": "moved", "sections": ["summary"],
        "victim_informed": "no",
    }  # fmt: skip
    sign_in(client, country.alice)
    assert client.post(offer, answers | {"later": "yes"}).status_code == 302
    with doing(country.alice):
        page = Handoff.objects.get().get_absolute_url()
    assert offer in client.get(page).content.decode()
    assert 'value="moved"' in client.get(offer).content.decode()
    assert client.post(offer, answers).status_code == 302

    sign_in(client, country.bob)
    assert client.post(f"{page}review/").status_code == 302
    assert client.post(f"{page}question/", {"text": ""}).status_code == 422
    assert client.post(f"{page}question/", {"text": "Since when?"}).status_code == 302
    sign_in(client, country.alice)
    assert "Since when?" in client.get(page).content.decode()
    reply = {"text": "Since May.", "pack_again": "on"}
    assert client.post(f"{page}question/", reply).status_code == 302
    sign_in(client, country.bob)
    assert "Since May." in client.get(page).content.decode()
    day = {"warm_meeting_on": today.strftime("%d-%m-%Y")}
    assert client.post(f"{page}accept/", day).status_code == 302
    done = {"met_on": today.strftime("%d-%m-%Y"), "victim_informed": "yes"}
    assert client.post(f"{page}complete/", done | {"met_on": "1-1-2000"}).status_code == 422
    assert client.post(f"{page}complete/", done).status_code == 302
    with doing(country.bob):
        handoff = Handoff.objects.get()
        assert (handoff.status, handoff.victim_informed) == (HandoffStatus.COMPLETED, True)
    sign_in(client, country.charlie)
    assert client.get(page).status_code == 404
