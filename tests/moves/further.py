"""Whose move it is in the lines of a file of residence, and in what a second person decides.

As in tests/moves/inner.py, from their tables and the matrix of roles alone.
"""

from functools import partial
from typing import Any

from referral.cases.emergency import workflow as emergency
from referral.cases.emergency.models import EmergencyAccess
from referral.organisations.models import Membership
from referral.organisations.roles import OrganisationType
from referral.persons.merging import workflow as merging
from referral.persons.merging.models import Merge
from referral.residence import workflow as residence
from referral.residence.models import PoliceReport, Reflection, Track
from referral.retention import workflow as retention
from referral.retention.models import Erasure
from referral.rights import workflow as rights
from referral.rights.models import RightsRequest
from shelters.swaps import workflow as swaps
from shelters.swaps.models import Swap, SwapSide
from tests.moves.guard import as_guard
from tests.moves.lives import Life, P, Sides, at_home, chosen, may

#: Where a privacy officer judges what was opened in an emergency; those of the police do not.
SIDE_OF_CARE = {
    OrganisationType.COMENSHA,
    OrganisationType.CARE_COORD,
    OrganisationType.SHELTER,
    OrganisationType.PLATFORM,
}


def of_line(line: Any, who: Membership, *, keep: P) -> Sides:
    """The service that has the file, and the immigration service to which it was sent."""
    file = line.file
    return {
        residence.Side(side)
        for side in chosen(
            police=may(who, keep) and at_home(who, file.police_id),
            immigration=may(who, P.RESIDENCE_DECIDE) and at_home(who, file.immigration_id),
        )
    }


def of_emergency(access: EmergencyAccess, who: Membership) -> Sides:
    """Never who opened the file."""
    judges = may(who, P.EMERGENCY_REVIEW) and who.organisation.type in SIDE_OF_CARE
    other = access.opened_by_id != who.user_id
    return {emergency.Side.OFFICER} if judges and other else set()


def of_merge(merge: Merge, who: Membership) -> Sides:
    """Who proposed it does not confirm it."""
    if not may(who, P.REGISTRATION_COMPLETE):
        return set()
    own = merge.proposed_by_id == who.user_id
    return {merging.Side.DESK} if own else {merging.Side.DESK, merging.Side.SECOND}


def of_erasure(erasure: Erasure, who: Membership) -> Sides:
    """The desk confirms for everybody, and approves nothing that is not its own."""
    decides, owns = may(who, P.RETENTION_DECIDE), at_home(who, erasure.owner_id)
    holds = decides and (owns or may(who, P.REGISTRATION_READ_ALL))
    found: Sides = {retention.Side.OWNER} if decides and owns else set()
    found |= {retention.Side.HOLDER} if holds else set()
    second = holds and erasure.approved_by_id != who.user_id
    return found | ({retention.Side.SECOND} if second else set())


def of_rights(asked: RightsRequest, who: Membership) -> Sides:
    handles = may(who, P.RIGHTS_HANDLE) and at_home(who, asked.organisation_id)
    return {rights.Side.OFFICER} if handles else set()


def of_swap(swap: Any, who: Membership) -> Sides:
    """The desk, and the shelters where one of the two stays."""
    if not hasattr(swap, "houses"):
        with as_guard():
            found = SwapSide.objects.filter(swap=swap)
            swap.houses = set(found.values_list("house", flat=True))
    return {
        swaps.Side(side)
        for side in chosen(
            shelter=may(who, P.PLACEMENT_ANSWER) and who.organisation_id in swap.houses,
            desk=may(who, P.PLACEMENT_RESERVE),
        )
    }


of_period, of_report = (partial(of_line, keep=one) for one in (P.REFLECTION_OFFER, P.REPORT_KEEP))
REFLECTION = Life(Reflection, residence.REFLECTION_MOVES, of_period, ("file",))
TRACK = Life(Track, residence.TRACK_MOVES, of_period, ("file",))
REPORT = Life(PoliceReport, residence.REPORT_MOVES, of_report, ("file",))
EMERGENCY = Life(EmergencyAccess, emergency.MOVES, of_emergency)
MERGE = Life(Merge, merging.MOVES, of_merge)
ERASURE = Life(Erasure, retention.MOVES, of_erasure)
RIGHTS = Life(RightsRequest, rights.MOVES, of_rights)
SWAP = Life(Swap, swaps.SWAP_MOVES, of_swap)
FURTHER = (
    REFLECTION, TRACK, REPORT, EMERGENCY, MERGE, ERASURE, RIGHTS, SWAP,
)  # fmt: skip
