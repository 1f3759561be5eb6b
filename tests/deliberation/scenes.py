"""A meeting and everybody around it, made by walking the actions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, TypeVar

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import Role
from signals.deliberation import actions
from signals.deliberation.actions import Trend
from signals.deliberation.models import (
    AgendaItem,
    Meeting,
    Pack,
    Proposal,
    TrendCount,
    TrendNote,
)
from signals.deliberation.tasks import make_packs
from signals.deliberation.workflow import Code, MeetingStatus
from signals.models import Signal
from signals.workflow import Status
from tests.factories.people import make_member
from tests.factories.signals import signal_at

T = TypeVar("T")
QUESTION = "Is the canary in a running investigation?"
TREND = "More salons than last year open without a window to the street."
WHY = "Two signals name the same address."


def act(who: Membership, deed: Callable[..., T], *things: Any, **answers: Any) -> T:
    """Somebody does something now."""
    with acting(who, purpose="test"):
        return deed(*things, **answers, by=who, at=timezone.now())


class Scene:
    """The chair, the coordinator, an analyst; Alice of the police, and Bob of the Marechaussee."""

    def __init__(self, *, alice: Membership | None = None, analyst: Membership | None = None):
        self.chair = make_member(Role.OM_CHAIR, name="Carla the chair")
        self.coordinator = make_member(Role.EMM_COORDINATOR, name="Coen")
        self.analyst = analyst or make_member(Role.EMM_ANALYST, name="Anna the analyst")
        self.alice = alice or make_member(Role.LE_POLICE, name="Alice")
        self.bob = make_member(Role.LE_KMAR, name="Bob")
        self.charlie = make_member(Role.EMM_PARTNER, name="Charlie")
        self.days = 0

    def signal(self, **changes: Any) -> Signal:
        changes = {"by": self.alice, "analyst": self.analyst, "deepened": True} | changes
        return signal_at(Status.TRIAGE, **changes)

    def proposal(self, *, urgent: bool = False, **changes: Any) -> Proposal:
        signal = self.signal(**changes)
        asked = {"question": QUESTION, "urgent": urgent}
        return act(self.analyst, actions.propose_signal, signal, **asked)

    def planned(self, *, items: int = 1, invite: bool = True) -> Meeting:
        """Alice is invited with nothing chosen for her, Bob with the codes."""
        self.days += 1
        day = timezone.localdate() + timedelta(days=self.days)
        chair = {"held_on": day, "chair": self.chair}
        meeting = act(self.coordinator, actions.plan_meeting, **chair)
        if invite:
            for member, sections in ((self.alice, []), (self.bob, ["codes"])):
                chosen = {"member": member, "sections": sections}
                act(self.coordinator, actions.invite_participant, meeting, **chosen)
        for _ in range(items):
            placed = {"proposal": self.proposal()}
            act(self.coordinator, actions.place_proposal, meeting, **placed)
        return meeting

    def meeting_at(self, status: MeetingStatus, *, items: int = 1) -> Meeting:
        """A meeting that came here in the only way there is; of two points the first is decided."""
        meeting = self.planned(items=items)
        if status == MeetingStatus.PLANNED:
            return meeting
        if status == MeetingStatus.CANCELLED:
            return act(self.coordinator, actions.cancel_meeting, meeting)
        meeting = act(self.coordinator, actions.set_agenda, meeting)
        make_packs()
        if status == MeetingStatus.AGENDA_SET:
            return meeting
        meeting = act(self.chair, actions.begin_meeting, meeting)
        if status == MeetingStatus.HELD:
            return meeting
        self.attend(meeting)
        self.decide(self.items(meeting)[0])
        act(self.chair, actions.write_minutes, meeting, text="We spoke of the canary.")
        return act(self.chair, actions.lock_minutes, meeting)

    def items(self, meeting: Meeting) -> list[AgendaItem]:
        with acting(self.coordinator, purpose="test"):
            found = AgendaItem.objects.visible_to(self.coordinator).filter(meeting=meeting)
            return list(found.select_related("meeting", "proposal").order_by("position"))

    def attend(self, meeting: Meeting) -> None:
        with acting(self.chair, purpose="test"):
            present = dict.fromkeys(meeting.participants.values_list("pk", flat=True), True)
        act(self.chair, actions.record_attendance, meeting, present=present)

    def decide(self, item: AgendaItem, code: Code = Code.KMAR, **changes: Any) -> Any:
        answers = {"motivation": WHY, "due_on": self.due_on, "receiver": self.receiver} | changes
        return act(self.chair, actions.decide_item, item, code=code, **answers)

    def trend(self, *, published: bool = False) -> TrendNote:
        """What the analyst saw in one signal of Alice."""
        year = timezone.localdate().year
        said = Trend(
            title="Nail salons",
            period=DateRange(date(year, 1, 1), date(year + 1, 1, 1)),
            forms=["labour"],
            regions=["VR13"],
            text=TREND,
            signals=[self.signal()],
        )
        note = act(self.analyst, actions.write_trend, said)
        return act(self.analyst, actions.publish_trend, note) if published else note

    def counts(self) -> list[TrendCount]:
        """Of the month before this one."""
        month = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
        return act(self.coordinator, actions.publish_counts, month=month)

    @property
    def members(self) -> list[Membership]:
        return [self.chair, self.coordinator, self.bob, self.charlie]

    @property
    def due_on(self) -> date:
        return timezone.localdate() + timedelta(days=14)

    @property
    def receiver(self) -> Organisation:
        return self.bob.organisation

    def pack_of(self, member: Membership, meeting: Meeting) -> Pack:
        with acting(self.coordinator, purpose="test"):
            return Pack.objects.get(participant__meeting=meeting, participant__member=member)


def sweeper() -> Membership:
    return service(Role.SERVICE_SWEEPER)
