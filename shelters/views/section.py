"""The part of the case file that says where shelter stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from referral.cases.views.parts import Part, Reading
from referral.organisations.permissions import Permission
from shelters.actions import list_placements, list_requests
from shelters.models import Placement, PlacementRequest
from shelters.workflow import OPEN_REQUEST, PlacementStatus

STAYS = (PlacementStatus.ACCEPTED, PlacementStatus.ARRIVED)

#: A next bed that is kept while the person stays where they are.
NEXT = (PlacementStatus.RESERVED, PlacementStatus.ACCEPTED)


def shelter(reading: Reading) -> Part | None:
    """For whoever sees more of the case than its envelope."""
    if not reading.reach.reads_header:
        return None
    return Part(
        "shelter",
        _("Shelter"),
        "shelters/_case_section.html",
        fetch=lambda: _where_shelter_stands(reading),
    )


def _where_shelter_stands(reading: Reading) -> Mapping[str, object]:
    """Requests and placements of the case as this reader sees them."""
    member, case = reading.member, reading.case
    requests = PlacementRequest.objects.visible_to(member).filter(case=case).with_names()
    placements = Placement.objects.visible_to(member).filter(case=case).with_names()
    asked = list(requests.order_by("-requested_at"))
    placed = list(placements.order_by("-reserved_at"))
    works = reading.works and member.may(Permission.SHELTER_REQUEST)
    has_open = any(request.status in OPEN_REQUEST for request in asked)
    stays = [placement for placement in placed if placement.status in STAYS]
    # Who has come can be asked another place for: the next bed is kept while this one is held.
    waits = any(placement.status == PlacementStatus.ACCEPTED for placement in placed)
    return {
        "case": case,
        "requests": list_requests(asked, by=member, at=reading.at),
        "placements": list_placements(placed, by=member, at=reading.at),
        "can_request": works and not has_open and not waits,
        "stays_in": _latest(stays).shelter if stays else None,
        "next_place": next((one for one in placed if one.follows_id and one.status in NEXT), None),
        "sees_address": bool(stays) and _sees_address(reading),
    }


def _latest(stays: Sequence[Placement]) -> Placement:
    """Where the person is; of who has not come yet, where they are expected."""
    return next((one for one in stays if one.status == PlacementStatus.ARRIVED), stays[0])


def _sees_address(reading: Reading) -> bool:
    """The desk, the shelter itself, and who works on the case while the person stays there."""
    member = reading.member
    if member.may(Permission.ADDRESS_REVEAL_ALL) or member.may(Permission.ADDRESS_READ_OWN):
        return True
    return member.may(Permission.ADDRESS_REVEAL_PLACED) and reading.reach.works
