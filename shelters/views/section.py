"""The part of the case file that says where shelter stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django.utils.translation import gettext as _

from referral.cases.views.paper import Block, Paper, in_days
from referral.cases.views.parts import Part, Reading
from referral.organisations.permissions import Permission
from shelters.actions import list_placements, list_requests
from shelters.models import Placement, PlacementRequest
from shelters.workflow import OPEN_REQUEST, PlacementStatus

STAYS = (PlacementStatus.ACCEPTED, PlacementStatus.ARRIVED)

#: A next bed that is kept while the person stays where they are.
NEXT = (PlacementStatus.RESERVED, PlacementStatus.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Line:
    """A request or a place in the course of shelter, and when it began."""

    what: str
    record: PlacementRequest | Placement
    name: str
    at: datetime


def shelter(reading: Reading) -> Part | None:
    """For whoever sees more of the case than its envelope."""
    if not reading.reach.reads_header:
        return None
    return Part(
        "shelter",
        _("Shelter"),
        "shelters/_case_section.html",
        fetch=lambda: _where_shelter_stands(reading),
        paper=lambda: _on_paper(reading),
    )


def _requests(reading: Reading) -> list[PlacementRequest]:
    """Of the case, as this reader sees them, the newest first; the look is recorded."""
    found = PlacementRequest.objects.visible_to(reading.member).filter(case=reading.case)
    newest = found.with_names().order_by("-requested_at")
    return list_requests(newest, by=reading.member, at=reading.at)


def _placements(reading: Reading) -> list[Placement]:
    found = Placement.objects.visible_to(reading.member).filter(case=reading.case)
    newest = found.with_names().order_by("-reserved_at")
    return list_placements(newest, by=reading.member, at=reading.at)


def _where_shelter_stands(reading: Reading) -> Mapping[str, object]:
    """Requests and placements of the case as this reader sees them."""
    member, case = reading.member, reading.case
    asked, placed = _requests(reading), _placements(reading)
    works = reading.works and member.may(Permission.SHELTER_REQUEST)
    has_open = any(request.status in OPEN_REQUEST for request in asked)
    stays = [placement for placement in placed if placement.status in STAYS]
    # Who has come can be asked another place for: the next bed is kept while this one is held.
    waits = any(placement.status == PlacementStatus.ACCEPTED for placement in placed)
    return {
        "case": case,
        "course": in_order(asked, placed),
        "can_request": works and not has_open and not waits,
        "stays_in": _latest(stays).shelter if stays else None,
        "next_place": next((one for one in placed if one.follows_id and one.status in NEXT), None),
        "sees_address": bool(stays) and _sees_address(reading),
    }


def in_order(asked: list[PlacementRequest], placed: list[Placement]) -> list[Line]:
    """What was asked and which places were kept as one course, the newest first."""
    lines = [
        Line(
            _("Place asked (%s):") % one.get_urgency_display(), one, one.reference, one.requested_at
        )
        for one in asked
    ]
    lines += [Line(_("Place kept:"), one, one.shelter.code_name, one.reserved_at) for one in placed]
    return sorted(lines, key=attrgetter("at"), reverse=True)


def _on_paper(reading: Reading) -> Paper:
    """Without address, region or bed, for every reader: paper that is lost must lead nowhere."""
    asked, placed = _requests(reading), _placements(reading)
    facts = [(_("Address"), _("An address of a shelter is never printed."))]
    return Paper(facts if placed else (), [*map(_stay, placed), *map(_request, asked)])


def _stay(placement: Placement) -> Block:
    days = [(_("Place kept on"), placement.reserved_at)]
    if placement.arrived_at:
        days.append((_("Arrived on"), placement.arrived_at))
    if placement.ended_at:
        days.append((_("Left on"), placement.ended_at))
    title = f"{placement.shelter.code_name}: {placement.get_status_display()}"
    return Block(title, more=[f"{label}: {in_days(at)}" for label, at in days])


def _request(asked: PlacementRequest) -> Block:
    facts = [
        (_("Asked on"), in_days(asked.requested_at)),
        (_("Urgency"), asked.get_urgency_display()),
    ]
    title = f"{asked.reference}: {asked.get_status_display()}"
    return Block(title, more=[f"{label}: {said}" for label, said in facts])


def _latest(stays: Sequence[Placement]) -> Placement:
    """Where the person is; of who has not come yet, where they are expected."""
    return next((one for one in stays if one.status == PlacementStatus.ARRIVED), stays[0])


def _sees_address(reading: Reading) -> bool:
    """The desk, the shelter itself, and who works on the case while the person stays there."""
    member = reading.member
    if member.may(Permission.ADDRESS_REVEAL_ALL) or member.may(Permission.ADDRESS_READ_OWN):
        return True
    return member.may(Permission.ADDRESS_REVEAL_PLACED) and reading.reach.works
