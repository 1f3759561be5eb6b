"""Records of the lives in tests/moves/lists.py in every status, by the deeds that lead there."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils import timezone

from referral.cases.models import Case
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from referral.retention.destruction.models import DestructionList
from referral.retention.destruction.workflow import Status as ListStatus
from referral.retention.models import Category
from shelters.matching.actions import decide_line
from shelters.matching.models import MatchLine
from shelters.matching.workflow import LineStatus
from shelters.workflow import PlacementStatus
from signals.deliberation import actions
from signals.deliberation.models import FollowUp, Proposal
from signals.deliberation.workflow import (
    FollowUpStatus,
    MeetingStatus,
    PackStatus,
    ProposalStatus,
    TrendStatus,
)
from signals.workflow import Status as SignalStatus
from signals.workflow import Verdict
from tests.deliberation.scenes import act
from tests.factories.destruction import LONG_AGO, decided, ended_long_ago, night
from tests.factories.matching import ask, proposed
from tests.factories.referrals import consent_for
from tests.factories.shelters import more_beds, placement_at
from tests.factories.signals import signal_at
from tests.moves.further_scene import Further
from tests.moves.guard import as_guard
from tests.moves.inner_scene import in_bed_of_its_own
from tests.moves.lists import FOLLOW_UP, LINE, OF_CARE, OF_SIGNALS, PACK, PROPOSAL, TREND
from tests.moves.lives import Life

Made = Mapping[Any, Any]


class Lists:
    """Those who decide, of those who are there."""

    def __init__(self, further: Further, council: Any):
        self.further, self.council, self.place = further, council, further.place

    def make_all(self, life: Life) -> Made:
        """One in each status."""
        return MAKERS[life](self)

    def first(self, life: Life) -> Any:
        """One where this life begins."""
        return FIRST[life](self)

    # An owner has one open list of a kind, and what is approved is not added to: what is
    # destroyed comes first, and what was approved is of another kind than what is due.

    def of_signals(self) -> Made:
        one = self.council.coordinator
        other = self.further.of(Role.EMM_COORDINATOR, one)
        gone = self.list_of_signals()
        decided(decided(gone, ListStatus.APPROVED, by=one), ListStatus.DESTROYED, by=other)
        approved = decided(self.list_of_signals(Category.POLICE), ListStatus.APPROVED, by=one)
        due = self.list_of_signals()
        return dict(zip(ListStatus, (due, approved, gone), strict=True))

    def list_of_signals(self, category: Category = Category.SIGNAL) -> DestructionList:
        """With one signal that was closed so long ago; what the police reported is of the police."""
        reporter = self.place.country.officer
        if category == Category.SIGNAL:
            reporter = self.further.of(Role.MUNI_REPORTER)
        said = {"analyst": self.council.analyst, "verdict": Verdict.MONITORED}
        signal = signal_at(SignalStatus.CLOSED, by=reporter, **said)
        with as_guard():
            ended_long_ago(signal)
        return self.listed(category, self.council.coordinator)

    def of_care(self) -> Made:
        alice, desk = self.place.alice, self.place.country.desk
        gone = self.list_of_stays()
        decided(decided(gone, ListStatus.APPROVED, by=alice), ListStatus.DESTROYED, by=desk)
        approved = decided(self.list_of_stays(), ListStatus.APPROVED, by=alice)
        due = self.listed(Category.CONSENT, alice)
        return dict(zip(ListStatus, (due, approved, gone), strict=True))

    def list_of_stays(self) -> DestructionList:
        """With a stay, and the proof of a consent, that ended so long ago."""
        at, place = timezone.now() - LONG_AGO, self.place
        stay = in_bed_of_its_own(
            lambda status, there: placement_at(status, there, at=at), PlacementStatus.ENDED, place
        )
        with as_guard():
            case = Case.objects.select_related("person").get(pk=stay.case_id)
        consent_for(case, self.further.lawyer, by=place.alice, at=at)
        return self.listed(Category.PLACEMENT, place.alice)

    def listed(self, category: Category, owner: Membership) -> DestructionList:
        """What the night put on the open list of this owner."""
        night()
        with as_guard():
            return DestructionList.objects.open().get(
                category=category, owner=owner.organisation_id
            )

    def proposals(self) -> Made:
        council = self.council
        waiting = council.proposal()
        withdrawn = act(council.analyst, actions.withdraw_proposal, council.proposal())
        stands = {
            ProposalStatus.PLACED: MeetingStatus.PLANNED,
            ProposalStatus.DECIDED: MeetingStatus.LOCKED,
        }
        found = {
            status: council.items(council.meeting_at(meeting))[0].proposal
            for status, meeting in stands.items()
        }
        return {
            ProposalStatus.WAITING: waiting,
            ProposalStatus.WITHDRAWN: withdrawn,
            **found,
        }

    def packs(self) -> Made:
        council = self.council
        ready = council.meeting_at(MeetingStatus.AGENDA_SET)
        closed = council.meeting_at(MeetingStatus.AGENDA_SET)
        act(council.coordinator, actions.cancel_meeting, closed)
        ordered = act(council.coordinator, actions.set_agenda, council.planned())
        meetings = zip(PackStatus, (ordered, ready, closed), strict=True)
        return {status: council.pack_of(council.bob, meeting) for status, meeting in meetings}

    def follow_ups(self) -> Made:
        council = self.council
        found = [self.follow_up() for _status in FollowUpStatus]
        act(council.coordinator, actions.finish_follow_up, found[1], remark="Done.")
        return dict(zip(FollowUpStatus, found, strict=True))

    def follow_up(self) -> FollowUp:
        meeting = self.council.meeting_at(MeetingStatus.LOCKED)
        with as_guard():
            return FollowUp.objects.get(decision__item__meeting=meeting)

    def trends(self) -> Made:
        council = self.council
        withdrawn = act(council.analyst, actions.withdraw_trend, council.trend())
        found = (council.trend(), council.trend(published=True), withdrawn)
        return dict(zip(TrendStatus, found, strict=True))

    def lines(self) -> Made:
        """Of a proposal in which everybody gets a bed."""
        desk = self.place.desk
        found = self.matched(len(LineStatus))
        act(desk, decide_line, found[1], follow=True, reason="agreed")
        act(desk, decide_line, found[2], follow=False)
        return dict(zip(LineStatus, found, strict=True))

    def matched(self, number: int = 1) -> list[MatchLine]:
        """Lines with a bed, for who asks now."""
        more_beds(self.place.house, number)
        asked = [ask(self.place) for _number in range(number)]
        proposal = proposed(self.place)
        with as_guard():
            lines = MatchLine.objects.filter(proposal=proposal, request__in=asked)
            return list(lines.exclude(bed=None).order_by("number"))

    def waiting(self) -> Proposal:
        found: Proposal = self.council.proposal()
        return found


MAKERS: dict[Life, Callable[[Lists], Made]] = {
    OF_SIGNALS: Lists.of_signals,
    OF_CARE: Lists.of_care,
    PROPOSAL: Lists.proposals,
    PACK: Lists.packs,
    FOLLOW_UP: Lists.follow_ups,
    TREND: Lists.trends,
    LINE: Lists.lines,
}
FIRST: dict[Life, Callable[[Lists], Any]] = {
    OF_SIGNALS: Lists.list_of_signals,
    OF_CARE: Lists.list_of_stays,
    PROPOSAL: Lists.waiting,
    FOLLOW_UP: Lists.follow_up,
    TREND: lambda lists: lists.council.trend(),
    LINE: lambda lists: lists.matched()[0],
}
