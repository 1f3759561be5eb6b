"""Parts of several deeds: hold rows still, number them, say who is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import uuid4

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from redis.exceptions import RedisError

from referral.audit.actions import Line, record_many
from referral.cases.models import Case
from referral.lib.rows import update_rows
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import Role
from shelters.models import BedOutage, FamilyStay, Placement, PlacementRequest, Shelter
from shelters.workflow import PlacementStatus


def hold_requests(
    requests: Sequence[PlacementRequest], *, by: Membership
) -> list[PlacementRequest]:
    """The same requests as they are now, in the same order; nobody else moves them meanwhile.

    Raises PlacementRequest.DoesNotExist when one is not there for this member.
    """
    wanted = [request.pk for request in requests]
    found = {
        request.pk: request
        for request in PlacementRequest.objects.visible_to(by)
        .filter(pk__in=wanted)
        .with_names()
        .select_for_update(of=["self"])
        .order_by("pk")
    }
    if not found.keys() >= set(wanted):
        raise PlacementRequest.DoesNotExist
    return [found[pk] for pk in wanted]


def hold_placements(placements: Sequence[Placement], *, by: Membership) -> list[Placement]:
    """The same placements with their requests, held still. Raises Placement.DoesNotExist."""
    wanted = [placement.pk for placement in placements]
    found = {
        placement.pk: placement
        for placement in Placement.objects.visible_to(by)
        .filter(pk__in=wanted)
        .with_names()
        .select_related("request__organisation")
        .select_for_update(of=["self", "request"])
        .order_by("pk")
    }
    if not found.keys() >= set(wanted):
        raise Placement.DoesNotExist
    return [found[pk] for pk in wanted]


def with_families(placements: Sequence[Placement], *, by: Membership) -> list[Placement]:
    """These, and everyone who came with one of them: a family is answered for as one."""
    known = {placement.pk for placement in placements}
    stays = FamilyStay.objects.visible_to(by).of_the_families_of(placements)
    others = stays.exclude(placement__in=known).select_related("placement").order_by("placement")
    return [*placements, *(stay.placement for stay in others)]


def write_placements(placements: Sequence[Placement], fields: Sequence[str]) -> None:
    """Write these fields of all, and make sure that every row was written."""
    if update_rows(placements, fields) != len(placements):
        raise Placement.DoesNotExist
    board_changed()


def write_requests(requests: Iterable[PlacementRequest], **values: object) -> None:
    """One statement for all; the objects in hand say the same afterwards."""
    requests = list(requests)
    keys = [request.pk for request in requests]
    if PlacementRequest.objects.filter(pk__in=keys).update(**values) != len(keys):
        raise PlacementRequest.DoesNotExist
    for request in requests:
        for name, value in values.items():
            setattr(request, name, value)


def new_references(moments: Sequence[datetime]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval('shelters_request_number') FROM generate_series(1, %s)", [len(moments)]
        )
        numbers = [number for (number,) in cursor.fetchall()]
    return [
        f"PLR-{timezone.localdate(moment).year}-{number:06}"
        for moment, number in zip(moments, numbers, strict=True)
    ]


def to_shelter(
    kind: Kind, placement: Placement, *, at: datetime, urgent: bool = False
) -> list[Letter]:
    """For everyone who answers for the shelter."""
    to = placement.shelter.organisation
    return [
        Letter(kind=kind, to=to, role=role, on=placement, at=at, urgent=urgent)
        for role in (Role.SHELTER_WORKER, Role.SHELTER_MANAGER)
    ]


def to_coordinator(kind: Kind, placement: Placement, *, at: datetime) -> Letter:
    return Letter(kind=kind, to=placement.request.organisation, role=Role.ZC, on=placement, at=at)


def to_desk(
    kind: Kind,
    on: Placement | PlacementRequest,
    desk: Organisation,
    *,
    at: datetime,
    urgent: bool = False,
) -> Letter:
    return Letter(kind=kind, to=desk, role=Role.COM_PLACEMENT, on=on, at=at, urgent=urgent)


def case_of(placement: Placement) -> Case:
    """Its key, for the trail: a shelter may not read the case itself."""
    return Case(pk=placement.case_id)


def tell_houses_left(placements: Sequence[Placement], *, by: Membership) -> None:
    """Say in the trail who moved, and tell the shelter that was left by it.

    It is told about the placement that it had, and not where the person went.
    """
    lines, letters = [], []
    for placement in placements:
        left, at = Placement(pk=placement.follows_id), placement.arrived_at
        with connection.cursor() as cursor:
            cursor.execute("SELECT baken.house_left_for(%s)", [placement.pk])
            [house] = cursor.fetchone() or [None]
        if house is not None:
            lines.append(Line(action="person_transferred", on=left, ids=[placement.pk], at=at))
            letters += [
                Letter(kind=Kind.PLACEMENT_ENDED, to=Organisation(pk=house), role=role, on=left)
                for role in (Role.SHELTER_WORKER, Role.SHELTER_MANAGER)
            ]
    now = timezone.now()
    record_many(lines, by=by, at=now)
    post_many(letters, at=now)


def tell_shelter(kind: Kind, shelter: Shelter, *, by: Membership, at: datetime) -> None:
    """Tell everyone who answers for the shelter what somebody else has done with it."""
    if shelter.organisation_id == by.organisation_id:
        return
    roles = (Role.SHELTER_WORKER, Role.SHELTER_MANAGER)
    to = shelter.organisation
    post_many([Letter(kind=kind, to=to, role=role, on=shelter) for role in roles], at=at)


def board_turns(*, by: Membership, at: datetime) -> datetime | None:
    """The next moment at which a bed is held, free or out of order by the clock alone."""
    placements = Placement.objects.visible_to(by).open().order_by()
    outages = BedOutage.objects.visible_to(by).order_by()
    expire = placements.filter(status=PlacementStatus.RESERVED, reserved_until__gt=at)
    turns = expire.values(turn=F("reserved_until")).union(
        placements.filter(during__endswith__gt=at).values(turn=F("during__endswith")),
        outages.filter(during__startswith__gt=at).values(turn=F("during__startswith")),
        outages.filter(during__endswith__gt=at).values(turn=F("during__endswith")),
    )
    found = turns.order_by("turn").values_list("turn", flat=True)  # type: ignore[misc]
    first: datetime | None = found.first()
    return first


#: Where the cache holds the number of the newest change of the bed board.
BOARD = "shelters:board"


def board_changed() -> None:
    """Whoever looks at the bed board gets it anew; said when the change is committed."""
    transaction.on_commit(lambda: cache.set(BOARD, uuid4().hex, timeout=None), robust=True)


def board_stamp() -> str:
    """What the board was last changed by; empty when the cache does not know."""
    try:
        return str(cache.get_or_set(BOARD, uuid4().hex, timeout=None))
    except RedisError:
        return ""
