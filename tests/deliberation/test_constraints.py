"""Every sentence of the tables of the deliberation, broken on purpose."""

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from referral.access.context import acting
from signals.deliberation.models import (
    AgendaItem,
    Decision,
    FollowUp,
    Meeting,
    Pack,
    Participant,
    Proposal,
    TrendCount,
    TrendLink,
    TrendNote,
)
from signals.deliberation.workflow import MeetingStatus
from tests.sentences import bare, changed, once_more, unbroken

TABLES = (
    Meeting, Participant, Proposal, AgendaItem, Pack, Decision, FollowUp, TrendNote, TrendLink,
    TrendCount,
)  # fmt: skip


def test_the_database_keeps_every_sentence(scene):
    meeting = scene.meeting_at(MeetingStatus.LOCKED, items=2)
    note = scene.trend()
    with acting(scene.coordinator, purpose="test"), bare(*TABLES):
        participant, pack = Participant.objects.first(), Pack.objects.first()
        first, second = AgendaItem.objects.order_by("position")
        decision, follow_up = Decision.objects.get(), FollowUp.objects.get()
        link = TrendLink.objects.get()
        proposal = Proposal.objects.get(pk=second.proposal_id)
        month = date(2026, 10, 1)
        told = {"published_at": timezone.now(), "published_by": scene.coordinator.user}
        count = TrendCount.objects.create(month=month, axis="all", number=5, **told)
        assert not unbroken(
            {
                "meeting_status_is_known": changed(
                    meeting, status="lost", locked_at=None, locked_by=None
                ),
                "meeting_that_is_locked_has_time_and_name": changed(meeting, locked_at=None),
                "there_is_one_meeting_on_a_day": once_more(meeting),
                "participant_sees_known_sections": changed(participant, sections=["all"]),
                "participant_is_invited_once_to_a_meeting": once_more(participant),
                "proposal_status_is_known": changed(proposal, status="lost"),
                "signal_is_proposed_once_at_a_time": once_more(proposal),
                "agenda_counts_from_one": changed(second, position=0),
                "agenda_has_one_point_at_a_position": changed(second, position=first.position),
                "signal_stands_once_on_an_agenda": once_more(second, position=9),
                "pack_status_is_known": changed(pack, status="lost"),
                "decision_code_is_known": changed(decision, code="lost", receiver=None),
                "decision_to_hand_on_names_who_receives": changed(decision, receiver=None),
                "follow_up_status_is_known": changed(follow_up, status="lost"),
                "follow_up_that_is_done_says_what_when_and_by_whom": changed(
                    follow_up, status="done"
                ),
                "trend_status_is_known": changed(note, status="lost", **told),
                "trend_names_known_forms": changed(note, forms=["lost"]),
                "trend_is_of_some_days": changed(note, period=DateRange(empty=True)),
                "trend_that_is_published_has_time_and_name": changed(note, status="published"),
                "signal_is_linked_once_to_a_trend": once_more(link),
                "trend_count_has_a_known_axis": changed(count, axis="lost"),
                "trend_count_is_of_a_month": changed(count, month=date(2026, 10, 2)),
                "trend_count_is_not_small": changed(count, number=4),
                "trend_count_is_published_once": once_more(count),
            }
        )
