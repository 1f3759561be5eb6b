"""From proposal to follow-up: what happens, whose move it is, and what stays after the lock."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from referral.access.context import acting, service
from referral.audit.models import AuditEvent
from referral.lib.refusals import Refused
from referral.notices.models import Notice
from referral.organisations.roles import Role
from signals.actions import hand_over_signal
from signals.deliberation import actions
from signals.deliberation.models import (
    Addendum,
    AgendaItem,
    Decision,
    FollowUp,
    Meeting,
    Minutes,
    PackContent,
    Participant,
    Proposal,
)
from signals.deliberation.workflow import (
    FROZEN,
    Code,
    MeetingStatus,
    ProposalStatus,
)
from signals.models import Signal
from signals.workflow import Status
from tests.deliberation.scenes import QUESTION, act, sweeper
from tests.factories.people import make_member


def test_a_meeting_brings_a_proposal_to_a_follow_up_of_who_handles_the_signal(scene):
    meeting = scene.planned(items=2)
    first, second = scene.items(meeting)
    act(scene.coordinator, actions.move_item, second, where=actions.UP)
    assert [item.pk for item in scene.items(meeting)] == [second.pk, first.pk]

    act(scene.coordinator, actions.set_agenda, meeting)
    with acting(scene.chair, purpose="test"), pytest.raises(Refused, match="still being made"):
        actions.begin_meeting(meeting, by=scene.chair, at=timezone.now())
    with acting(scene.coordinator, purpose="test"):
        actions.make_packs(by=scene.coordinator, at=timezone.now())
    act(scene.chair, actions.begin_meeting, meeting)
    scene.decide(second, Code.MONITOR, receiver=None)
    scene.decide(second)  # until the lock it can be decided anew
    with acting(scene.chair, purpose="test"), pytest.raises(Refused, match="attendance"):
        actions.lock_minutes(meeting, by=scene.chair, at=timezone.now())
    scene.attend(meeting)
    act(scene.chair, actions.lock_minutes, meeting)

    with acting(scene.analyst, purpose="test"):
        follow_up = FollowUp.objects.visible_to(scene.analyst).owned_by(scene.analyst).get()
        decision = follow_up.decision
        assert (decision.code, decision.receiver) == (Code.KMAR, scene.receiver)
        assert Proposal.objects.get(pk=second.proposal_id).status == ProposalStatus.DECIDED
        # Not reached: it waits again, and says so.
        [waiting] = actions.list_waiting(by=scene.analyst, at=timezone.now())
        assert (waiting.proposal.pk, waiting.question) == (first.proposal_id, QUESTION)
        assert waiting.proposal.times == 1
        # The meeting itself did nothing to the signal.
        assert Signal.objects.get(pk=second.proposal.signal_id).status == Status.TRIAGE

    colleague = make_member(Role.EMM_ANALYST, name="Cor")
    signal = Signal(pk=second.proposal.signal_id)
    act(scene.analyst, hand_over_signal, signal, to=colleague)
    with acting(scene.analyst, purpose="test"), pytest.raises(Refused, match="Cor"):
        actions.finish_follow_up(follow_up, remark="Done.", by=scene.analyst, at=timezone.now())
    done = act(colleague, actions.finish_follow_up, follow_up, remark="Forwarded today.")
    assert act(colleague, actions.open_follow_up, done).remark == "Forwarded today."


def test_what_is_told_and_what_the_trail_says(scene):
    meeting = scene.meeting_at(MeetingStatus.LOCKED)
    kinds = Notice.objects.order_by().values_list("kind", "user__full_name")
    with acting(service(Role.SERVICE_RELAY), purpose="test"):
        told = set(kinds)
    assert {
        ("meeting_invited", "Alice"),
        ("meeting_invited", "Carla the chair"),
        ("pack_ready", "Bob"),
        ("meeting_decided", "Anna the analyst"),
    } <= told
    fg = make_member(Role.FG)
    with acting(fg, purpose="test"):
        lines = set(AuditEvent.objects.visible_to(fg).values_list("action", "object_id"))
    for action in (
        "meeting_planned",
        "meeting_agenda_set",
        "meeting_begun",
        "meeting_minutes_locked",
    ):
        assert (action, str(meeting.pk)) in lines


def test_a_follow_up_that_is_due_is_told_once_to_who_handles_the_signal(scene):
    scene.meeting_at(MeetingStatus.LOCKED)
    later = timezone.now() + timedelta(days=15)
    for times in (1, 0):
        with acting(sweeper(), purpose="test") as clock:
            assert actions.remind_of_follow_ups(by=clock, at=later) == times
        with acting(service(Role.SERVICE_RELAY), purpose="test"):
            told = Notice.objects.filter(kind="follow_up_due")
            assert [notice.user_id for notice in told] == [scene.analyst.user_id]


CHANGES = {
    "the meeting": lambda m: Meeting.objects.filter(pk=m.pk).update(held_on="2020-01-01"),
    "its status": lambda m: Meeting.objects.filter(pk=m.pk).update(status="planned"),
    "the attendance": lambda m: Participant.objects.filter(meeting=m).update(present=False),
    "an invitation": lambda m: Participant.objects.filter(meeting=m)._raw_delete("default"),
    "the agenda": lambda m: AgendaItem.objects.filter(meeting=m).update(position=9),
    "a decision": lambda m: Decision.objects.filter(item__meeting=m).update(
        code="park", receiver=None
    ),
    "the minutes": lambda m: Minutes.objects.filter(meeting=m).update(sealed=b"x"),
}


def as_guard(change: Callable[[], object]) -> None:
    """As the role to which no policy says no: what refuses now is the table itself."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
        change()


def test_nothing_of_a_locked_meeting_changes_and_a_correction_stands_beside_it(scene):
    meeting = scene.meeting_at(MeetingStatus.LOCKED)
    open_ones = []
    for what, change in CHANGES.items():
        try:
            with acting(scene.chair, purpose="test"):
                as_guard(partial(change, meeting))
        except IntegrityError as error:
            assert "locked_meeting_does_not_change" in str(error)  # noqa: PT017 -- one of many
        else:
            open_ones.append(what)
    assert open_ones == []
    with acting(scene.chair, purpose="test"), pytest.raises(Refused, match="locked"):
        actions.write_minutes(meeting, text="Other words.", by=scene.chair, at=timezone.now())

    act(scene.chair, actions.add_addendum, meeting, text="Bob was late.")
    opened = act(scene.chair, actions.open_meeting, meeting)
    assert opened.minutes == "We spoke of the canary."
    assert [text for _addendum, text in opened.addenda] == ["Bob was late."]
    written = Addendum.objects.filter(meeting=meeting)
    refused = "addendum_comes_after_the_lock"
    with acting(scene.chair, purpose="test"), pytest.raises(IntegrityError, match=refused):
        as_guard(partial(written.update, sealed=b"x"))
    with acting(scene.chair, purpose="test"), pytest.raises(IntegrityError, match=refused):
        as_guard(written.delete)
    early = scene.planned(items=0)
    with acting(scene.chair, purpose="test"), pytest.raises(Refused):
        actions.add_addendum(early, text="Too soon.", by=scene.chair, at=timezone.now())


def test_a_cancelled_meeting_gives_back_its_agenda_and_closes_its_papers(scene):
    meeting = scene.meeting_at(MeetingStatus.AGENDA_SET)
    pack = scene.pack_of(scene.bob, meeting)
    act(scene.coordinator, actions.cancel_meeting, meeting)
    with acting(scene.bob, purpose="test"):
        assert not PackContent.objects.visible_to(scene.bob).filter(pk=pack.pk).exists()
    assert len(act(scene.coordinator, actions.list_waiting)) == 1
    again = scene.planned(items=0)
    item = scene.items(meeting)[0]
    act(scene.coordinator, actions.place_proposal, again, proposal=item.proposal)
    act(scene.coordinator, actions.move_item, scene.items(again)[0], where=actions.OFF)
    act(scene.analyst, actions.withdraw_proposal, item.proposal)
    assert act(scene.coordinator, actions.list_waiting) == []


@pytest.mark.parametrize("status", MeetingStatus)
def test_each_move_is_of_its_side_and_of_its_place_in_the_table(scene, status):
    meeting = scene.meeting_at(status)
    deeds = {
        MeetingStatus.AGENDA_SET: (scene.coordinator, actions.set_agenda, {MeetingStatus.PLANNED}),
        MeetingStatus.PLANNED: (
            scene.coordinator, actions.take_back_agenda, {MeetingStatus.AGENDA_SET},
        ),
        MeetingStatus.HELD: (scene.chair, actions.begin_meeting, {MeetingStatus.AGENDA_SET}),
        MeetingStatus.CANCELLED: (
            scene.coordinator, actions.cancel_meeting,
            {MeetingStatus.PLANNED, MeetingStatus.AGENDA_SET},
        ),
    }  # fmt: skip
    for mover, deed, possible in deeds.values():
        other = scene.chair if mover is scene.coordinator else scene.coordinator
        with acting(other, purpose="test"), pytest.raises(Refused):
            deed(meeting, by=other, at=timezone.now())
        if status not in possible:
            with acting(mover, purpose="test"), pytest.raises(Refused):
                deed(meeting, by=mover, at=timezone.now())
    assert (status in FROZEN) == (status in {MeetingStatus.LOCKED, MeetingStatus.CANCELLED})


def test_refusals_around_an_agenda(scene):
    meeting = scene.planned(items=1)
    signal = Signal(pk=scene.items(meeting)[0].proposal.signal_id)
    received = scene.signal()
    chair, coordinator = scene.chair, scene.coordinator

    def refused(words, who, deed, *things, **answers):
        with acting(who, purpose="test"), pytest.raises(Refused, match=words):
            deed(*things, **answers, by=who, at=timezone.now())

    asked = {"question": QUESTION, "urgent": False}
    refused("already", scene.analyst, actions.propose_signal, signal, **asked)
    refused("question", scene.analyst, actions.propose_signal, received, question=" ", urgent=False)
    day = meeting.held_on
    refused("on this day", coordinator, actions.plan_meeting, held_on=day, chair=chair)
    refused("cannot chair", coordinator, actions.plan_meeting, held_on=day, chair=scene.bob)
    refused("prepares", chair, actions.plan_meeting, held_on=day, chair=chair)
    past = day - timedelta(days=9)
    refused("later day", coordinator, actions.plan_meeting, held_on=past, chair=chair)
    nobody = {"member": make_member(Role.ZC), "sections": []}
    refused("no part", coordinator, actions.invite_participant, meeting, **nobody)
    with acting(coordinator, purpose="test"):
        own = Participant.objects.select_related("meeting").get(meeting=meeting, member=chair)
        bobs = Participant.objects.select_related("meeting").get(meeting=meeting, member=scene.bob)
    refused("chair", coordinator, actions.remove_participant, own)
    act(coordinator, actions.remove_participant, bobs)
    empty = scene.planned(items=0)
    refused("at least one", coordinator, actions.set_agenda, empty)
    held = scene.meeting_at(MeetingStatus.HELD)
    item = scene.items(held)[0]
    answers = {"motivation": "Why.", "due_on": scene.due_on}
    refused(
        "who receives", chair, actions.decide_item, item, code=Code.KMAR, receiver=None, **answers
    )
    refused("no receiver", chair, actions.decide_item, item, code=Code.PARK,
            receiver=scene.receiver, **answers)  # fmt: skip
    refused("now", coordinator, actions.set_agenda, held)
    refused("now", coordinator, actions.invite_participant, held, member=scene.bob, sections=[])
