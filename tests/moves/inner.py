"""Whose move it is in the rooms inside rooms, from their tables and the matrix of roles alone."""

from typing import Any

from referral.cases.planning import workflow as planning
from referral.cases.planning.models import CarePlan, Task
from referral.cases.referrals import workflow as referrals
from referral.cases.referrals.models import Referral
from referral.cases.tables import workflow as tables
from referral.cases.tables.models import CaseTable
from referral.cases.workflow import CaseStatus
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from referral.registrations.corrections import workflow as corrections
from referral.registrations.corrections.models import Version
from referral.registrations.duplicates import workflow as duplicates
from referral.registrations.duplicates.models import DuplicateLink
from referral.registrations.withdrawals import workflow as withdrawals
from referral.registrations.withdrawals.models import WithdrawalRequest
from shelters.stays import workflow as stays
from shelters.stays.models import Stay
from signals.deliberation import workflow as deliberation
from signals.deliberation.models import Meeting
from signals.enrichment import workflow as enrichment
from signals.enrichment.models import PartnerRequest
from signals.forwarding import workflow as forwarding
from signals.forwarding.models import Extract
from tests.moves import lives
from tests.moves.lives import Life, P, Sides, at_home, chosen, may

#: Nobody's: the clock, or what follows from a deed on another record.
BY_ITSELF = {"clock", "person", "case", "placement"}


def works(who: Membership, permission: P, case: Any) -> bool:
    """Only the owner writes, and only while the case is active."""
    active = case.status == CaseStatus.ACTIVE
    return active and may(who, permission) and at_home(who, case.owner_organisation_id)


def of_referral(referral: Referral, who: Membership) -> Sides:
    return {
        referrals.ReferralSide(side)
        for side in chosen(
            sender=may(who, P.REFERRAL_SEND) and at_home(who, referral.from_organisation_id),
            receiver=may(who, P.REFERRAL_RECEIVE) and at_home(who, referral.to_organisation_id),
        )
    }


def of_table(table: CaseTable, who: Membership) -> Sides:
    held = works(who, P.REFERRAL_SEND, table.case)
    return {tables.TableSide(side) for side in chosen(worker=held)}


def of_planning(record: CarePlan | Task, who: Membership) -> Sides:
    held = works(who, P.CARE_NOTE_WRITE, record.case)
    return {planning.PlanSide(side) for side in chosen(worker=held)}


def of_stay(stay: Stay, who: Membership) -> Sides:
    return {
        stays.Side(side)
        for side in chosen(
            shelter=may(who, P.PLACEMENT_ANSWER) and at_home(who, stay.house_id),
            desk=may(who, P.PLACEMENT_RESERVE),
        )
    }


def of_correction(version: Version, who: Membership) -> Sides:
    """Who wrote it takes it back, also at the desk."""
    own = version.made_by_id == who.user_id
    return {
        corrections.Side(side)
        for side in chosen(desk=may(who, P.REGISTRATION_COMPLETE), proposer=own)
    }


def of_withdrawal(asked: WithdrawalRequest, who: Membership) -> Sides:
    own = asked.asked_by_id == who.user_id
    return {
        withdrawals.Side(side)
        for side in chosen(desk=may(who, P.REGISTRATION_COMPLETE), reporter=own)
    }


def of_link(_link: DuplicateLink, who: Membership) -> Sides:
    return {duplicates.Side(side) for side in chosen(desk=may(who, P.REGISTRATION_COMPLETE))}


def of_meeting(meeting: Meeting, who: Membership) -> Sides:
    return {
        deliberation.Side(side)
        for side in chosen(
            coordinator=may(who, P.DELIBERATION_PREPARE),
            chair=may(who, P.DELIBERATION_CHAIR) and meeting.chair_id == who.pk,
        )
    }


def of_partner_request(asked: PartnerRequest, who: Membership) -> Sides:
    return {
        enrichment.RequestSide(side)
        for side in chosen(
            partner=may(who, P.SIGNAL_RECEIVE) and at_home(who, asked.organisation_id),
            centre=may(who, P.SIGNAL_TRIAGE),
        )
    }


def of_extract(extract: Extract, who: Membership) -> Sides:
    handles = extract.signal.taken_up_by_id == who.user_id or who.role == Role.EMM_COORDINATOR
    return {
        forwarding.ExtractSide(side)
        for side in chosen(
            receiver=may(who, P.SIGNAL_RECEIVE) and at_home(who, extract.receiver_id),
            centre=may(who, P.SIGNAL_TRIAGE) and handles,
        )
    }


REFERRAL = Life(Referral, referrals.REFERRAL_MOVES, of_referral)
TABLE = Life(CaseTable, tables.TABLE_MOVES, of_table, ("case",))
PLAN = Life(CarePlan, planning.PLAN_MOVES, of_planning, ("case",))
TASK = Life(Task, planning.TASK_MOVES, of_planning, ("case",))
STAY = Life(Stay, stays.STAY_MOVES, of_stay)
CORRECTION = Life(Version, corrections.MOVES, of_correction)
WITHDRAWAL = Life(WithdrawalRequest, withdrawals.MOVES, of_withdrawal)
LINK = Life(DuplicateLink, duplicates.MOVES, of_link)
MEETING = Life(Meeting, deliberation.MEETING_MOVES, of_meeting)
PARTNER = Life(PartnerRequest, enrichment.REQUEST_MOVES, of_partner_request)
EXTRACT = Life(Extract, forwarding.EXTRACT_MOVES, of_extract, ("signal",))
INNER = (
    REFERRAL, TABLE, PLAN, TASK, STAY, CORRECTION, WITHDRAWAL, LINK, MEETING, PARTNER, EXTRACT,
)  # fmt: skip
LIVES = (*lives.ROOTS, *INNER)
