"""Care for the accepted cases of a year: consent, a note, a place, another region, an end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.utils import timezone

from referral.cases.actions import (
    Closure,
    Completion,
    Entry,
    Proposal,
    accept_handoffs,
    close_cases,
    complete_handoffs,
    offer_handoffs,
    write_care_notes,
)
from referral.cases.models import Case, ClosureReason, Handoff, HandoffReason, Need, Outcome
from referral.demo.country.calendar import later
from referral.demo.country.organisations import Country, working
from referral.demo.country.stays import seed_stays
from referral.geography.models import CareRegion
from referral.organisations.models import Membership
from referral.sharing.actions import record_consents
from referral.sharing.models import How, Purpose
from referral.sharing.rules import Answer, ConsentEntry, representatives

Item = TypeVar("Item")
NOTES = (
    "Kennisgemaakt. Wil graag rust en iemand die de taal spreekt.",
    "Afspraak bij de huisarts gemaakt; zorgen over slapen.",
    "Vraagt hulp bij inkomen en een verzekering. Formulieren meegegeven.",
)
HANDED_OVER, CLOSED = 0.06, 0.55
CLOSED_AFTER = 210  # days
REASONS = (
    ClosureReason.GOALS_REACHED,
    ClosureReason.REGULAR_CARE,
    ClosureReason.RETURNED_HOME_COUNTRY,
    ClosureReason.LEFT_UNKNOWN,
)


def seed_care(
    country: Country,
    accepted: list[Case],
    *,
    random: Random,
    until: datetime,
    tick: Callable[[int], None],
) -> dict[str, int]:
    """Everything after acceptance; tells how many placements and handoffs there were."""
    for coordinator, group in by_coordinator(country, accepted):
        first_days(coordinator, group, random=random, until=until)
        tick(len(group))
    sheltered = [case for case in accepted if Need.SHELTER in case.needs]
    placed = seed_stays(country, sheltered, random=random, until=until)
    tick(placed)
    moved = hand_over(country, accepted, random=random, until=until)
    tick(len(moved))
    close(country, accepted, moved, random=random, until=until)
    tick(len(accepted))
    return {"placements": placed, "handoffs": len(moved)}


def by_coordinator(
    country: Country, cases: Iterable[Case]
) -> Iterator[tuple[Membership, list[Case]]]:
    """The cases of each coordinator, in the order of the cases."""
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        groups[str(case.owner_organisation_id)].append(case)
    for organisation, group in groups.items():
        yield country.coordinators[organisation], group


def begun(case: Case) -> datetime:
    if case.accepted_at is None:
        raise ValueError(f"{case} has not been accepted")
    return case.accepted_at


def in_time(
    items: Iterable[tuple[Item, datetime | None]],
) -> tuple[list[Item], list[datetime]]:
    """The deeds that lie in the past, and when each was done."""
    pairs = [(item, at) for item, at in items if at is not None]
    return [item for item, _ in pairs], [at for _, at in pairs]


def first_days(
    coordinator: Membership, cases: list[Case], *, random: Random, until: datetime
) -> None:
    """Ask consent for a place and for a handoff, and write down the first talk."""
    with working(coordinator):
        prefetch_related_objects(cases, "person")
        entries = [
            ConsentEntry(
                person=case.person,
                purpose=purpose,
                answer=Answer(
                    how=How.WRITTEN,
                    given_by=representatives(case.age_group)[0],
                    language="nl",
                    leaflet="1",
                ),
                at=begun(case),
            )
            for case in cases
            for purpose in (Purpose.PLACEMENT, Purpose.HANDOFF)
        ]
        record_consents(entries, by=coordinator, at=until)
        notes, times = in_time(
            (Entry(case=case, text=random.choice(NOTES)), later(begun(case), days=1, until=until))
            for case in cases
        )
        write_care_notes(notes, by=coordinator, at=times)


def hand_over(
    country: Country, cases: list[Case], *, random: Random, until: datetime
) -> Mapping[UUID, str]:
    """A few cases go to another region; tells by case which organisation has it now."""
    regions = list(CareRegion.objects.order_by("code"))
    moved: dict[UUID, str] = {}
    offers: dict[str, list[Handoff]] = defaultdict(list)
    for coordinator, group in by_coordinator(country, cases):
        chosen = [case for case in group if random.random() < HANDED_OVER]
        proposals, times = in_time(
            (
                Proposal(
                    case=case,
                    care_region=random.choice([r for r in regions if r.pk != case.care_region_id]),
                    reason=HandoffReason.MOVED,
                    victim_informed=True,
                    warm_meeting_on=timezone.localdate(begun(case) + timedelta(days=62)),
                ),
                later(begun(case), days=60, until=until),
            )
            for case in chosen
        )
        with working(coordinator):
            offered = offer_handoffs(proposals, by=coordinator, at=times)
        for handoff in offered:
            offers[str(handoff.to_organisation_id)].append(handoff)
    for organisation, received in offers.items():
        receiver = country.coordinators[organisation]
        accepted, times = in_time((h, later(h.offered_at, days=1, until=until)) for h in received)
        with working(receiver):
            taken_over = accept_handoffs(accepted, by=receiver, at=times)
            met, times = in_time(
                (
                    Completion(
                        handoff=handoff, met_on=handoff.warm_meeting_on, victim_informed=True
                    ),
                    later(handoff.offered_at, days=5, until=until),
                )
                for handoff in taken_over
            )
            complete_handoffs(met, by=receiver, at=times)
        moved.update((handoff.case_id, organisation) for handoff in accepted)
    return moved


def close(
    country: Country,
    cases: list[Case],
    moved: Mapping[UUID, str],
    *,
    random: Random,
    until: datetime,
) -> None:
    """Older cases without an open request or placement come to an end."""
    for case in cases:
        if case.pk in moved:
            case.owner_organisation_id = int(moved[case.pk])
    for coordinator, group in by_coordinator(country, cases):
        with working(coordinator):
            free = set(
                Case.objects.visible_to(coordinator)
                .filter(pk__in=[case.pk for case in group], status="active", offered_to=None)
                .exclude(shelter_requests__status__in=("submitted", "offered"))
                .exclude(placements__status__in=("reserved", "accepted", "arrived"))
                .values_list("pk", flat=True)
            )
            closures, times = in_time(
                (
                    Closure(
                        case=case,
                        reason=random.choice(REASONS),
                        outcome=random.choice((Outcome.SAFE_INDEPENDENT, Outcome.SAFE_SUPPORTED)),
                        person_informed=True,
                    ),
                    later(begun(case), days=CLOSED_AFTER, until=until),
                )
                for case in group
                if case.pk in free and random.random() < CLOSED
            )
            close_cases(closures, by=coordinator, at=times)
