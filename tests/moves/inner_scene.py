"""Records of the rooms inside rooms in every status, by the deeds that lead there."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from referral.cases.actions import close_case
from referral.cases.models import Case, ClosureReason, Outcome
from referral.cases.planning.actions import begin_review, end_task
from referral.cases.planning.models import CarePlan
from referral.cases.planning.workflow import PlanStatus, TaskStatus
from referral.cases.referrals.workflow import ReferralStatus
from referral.cases.tables.workflow import TableStatus
from referral.cases.workflow import CaseStatus
from referral.organisations.models import Membership
from referral.registrations.corrections.actions import (
    accept_correction,
    decline_correction,
    take_back_correction,
)
from referral.registrations.corrections.models import Version
from referral.registrations.corrections.workflow import Status as CorrectionStatus
from referral.registrations.duplicates.actions import undo_link
from referral.registrations.duplicates.workflow import Status as LinkStatus
from referral.registrations.models import Registration
from referral.registrations.withdrawals.actions import (
    accept_withdrawal,
    decline_withdrawal,
    take_back_withdrawal,
)
from referral.registrations.withdrawals.workflow import Status as WithdrawalStatus
from referral.registrations.workflow import Status
from shelters.models import EndReason
from shelters.stays import actions as stays
from shelters.stays.models import Funding, LongerBecause, Stay
from shelters.stays.rules import Longer, Outflow
from shelters.stays.workflow import StayStatus
from shelters.workflow import PlacementStatus
from signals.deliberation.workflow import MeetingStatus
from signals.enrichment.workflow import RequestStatus
from signals.forwarding.workflow import ExtractStatus
from tests.deliberation.scenes import Scene as Council
from tests.deliberation.scenes import act
from tests.factories.after_registration import make_link, make_withdrawal
from tests.factories.cases import case_at, doing
from tests.factories.corrections import make_correction
from tests.factories.enrichment import request_at as partner_request_at
from tests.factories.forwarding import extract_at
from tests.factories.planning import plan_of, task_of
from tests.factories.referrals import make_lawyer, referral_at
from tests.factories.registrations import registration_at
from tests.factories.shelters import Place, more_beds, placement_at
from tests.factories.tables import table_at
from tests.moves.guard import as_guard
from tests.moves.inner import (
    CORRECTION,
    EXTRACT,
    LINK,
    MEETING,
    PARTNER,
    PLAN,
    REFERRAL,
    STAY,
    TABLE,
    TASK,
    WITHDRAWAL,
)
from tests.moves.lives import Life

ENDED = {
    "reason": ClosureReason.GOALS_REACHED,
    "outcome": Outcome.SAFE_SUPPORTED,
    "person_informed": True,
}


def in_bed_of_its_own(make: Callable[..., Any], status: Any, place: Place) -> Any:
    """In a bed that nobody else of the scene holds."""
    [bed] = more_beds(place.house, 1)
    house = type(place.house)(place.house.shelter, bed, place.house.worker, place.house.manager)
    return make(status, type(place)(place.country, house, place.other))


@dataclass
class Rooms:
    """Those who take part in the rooms inside, beside those of the big ones."""

    place: Place
    analyst: Membership
    lawyer: Membership = field(default_factory=make_lawyer)
    council: Council = field(init=False)

    def __post_init__(self) -> None:
        self.council = Council(alice=self.place.country.officer, analyst=self.analyst)

    @property
    def members(self) -> list[Membership]:
        return [self.lawyer, self.council.chair, self.council.coordinator, self.council.bob]

    def make(self, life: Life, status: Any, case: Case | None = None) -> Any:
        """A record of this life in this status; of a case also in one that is there."""
        return MAKERS[life](self, status, case) if life in OF_CASES else MAKERS[life](self, status)

    def case(self, case: Case | None) -> Case:
        return case or case_at(CaseStatus.ACTIVE, self.place.country)

    def referral(self, status: ReferralStatus, case: Case | None) -> Any:
        return referral_at(status, self.place.country, receiver=self.lawyer, case=case)

    def table(self, status: TableStatus, case: Case | None) -> Any:
        return table_at(status, self.case(case), self.lawyer, by=self.place.alice)

    def plan(self, status: PlanStatus, case: Case | None) -> Any:
        alice, case = self.place.alice, self.case(case)
        plan_of(case, by=alice, agreed=status in (PlanStatus.AGREED, PlanStatus.REVIEW))
        if status == PlanStatus.REVIEW:
            act(alice, begin_review, case)
        elif status == PlanStatus.CLOSED:
            act(alice, close_case, case, **ENDED)
        return CarePlan(case=case)

    def task(self, status: TaskStatus, case: Case | None) -> Any:
        alice = self.place.alice
        task = task_of(self.case(case), by=alice)
        if status == TaskStatus.OPEN:
            return task
        reason = "not_needed" if status == TaskStatus.CANCELLED else ""
        return act(alice, end_task, task, to=status, reason=reason)

    def stay(self, status: StayStatus) -> Any:
        over = status == StayStatus.OVER
        stands = PlacementStatus.ENDED if over else PlacementStatus.ARRIVED
        placement = in_bed_of_its_own(placement_at, stands, self.place)
        worker = self.place.worker
        with doing(worker):
            stay = Stay.objects.visible_to(worker).get(pk=placement.pk)
        if status == StayStatus.EXTENSION_ASKED:
            until = stay.agreed_until + timedelta(days=30)
            longer = Longer(
                stay=stay,
                until=until,
                reason=LongerBecause.NO_PLACE,
                funding=Funding.MUNICIPALITY,
            )
            act(worker, stays.ask_extension, longer)
        elif status == StayStatus.OUTFLOW_PLANNED:
            leave = {"leave_on": timezone.localdate(), "destination": EndReason.OWN_HOME}
            act(worker, stays.plan_outflow, Outflow(stay=stay, blockers=[], **leave))
        return stay

    def registered(self) -> Registration:
        country = self.place.country
        return registration_at(Status.REGISTERED, reporter=country.officer, desk=country.desk)

    def correction(self, status: CorrectionStatus) -> Any:
        officer, desk = self.place.country.officer, self.place.country.desk
        made = make_correction(self.registered(), by=officer)
        if status == CorrectionStatus.ORIGINAL:
            with as_guard():
                return Version.objects.get(registration=made.registration, number=1)
        if status == CorrectionStatus.ACCEPTED:
            return act(desk, accept_correction, made)
        if status == CorrectionStatus.DECLINED:
            return act(desk, decline_correction, made, answer="No.")
        if status == CorrectionStatus.TAKEN_BACK:
            return act(officer, take_back_correction, made)
        return made

    def withdrawal(self, status: WithdrawalStatus) -> Any:
        officer, desk = self.place.country.officer, self.place.country.desk
        asked = make_withdrawal(self.registered(), by=officer)
        if status == WithdrawalStatus.ACCEPTED:
            return act(desk, accept_withdrawal, asked)
        if status == WithdrawalStatus.DECLINED:
            return act(desk, decline_withdrawal, asked, answer="No.")
        if status == WithdrawalStatus.TAKEN_BACK:
            return act(officer, take_back_withdrawal, asked)
        return asked

    def link(self, status: LinkStatus) -> Any:
        desk = self.place.country.desk
        earlier = self.registered()
        link = make_link(self.registered(), earlier, by=desk)
        return act(desk, undo_link, link) if status == LinkStatus.UNDONE else link

    def meeting(self, status: MeetingStatus) -> Any:
        meeting = self.council.meeting_at(status)
        if status == MeetingStatus.HELD:
            self.council.attend(meeting)
        return meeting

    def partner(self, status: RequestStatus) -> Any:
        return partner_request_at(status, partner=self.council.bob, analyst=self.analyst)

    def extract(self, status: ExtractStatus) -> Any:
        return extract_at(status, receiver=self.council.bob, analyst=self.analyst)


OF_CASES = (REFERRAL, TABLE, PLAN, TASK)
MAKERS: dict[Life, Callable[..., Any]] = {
    REFERRAL: Rooms.referral,
    TABLE: Rooms.table,
    PLAN: Rooms.plan,
    TASK: Rooms.task,
    STAY: Rooms.stay,
    CORRECTION: Rooms.correction,
    WITHDRAWAL: Rooms.withdrawal,
    LINK: Rooms.link,
    MEETING: Rooms.meeting,
    PARTNER: Rooms.partner,
    EXTRACT: Rooms.extract,
}
