"""Records of the lives in tests/moves/further.py in every status, by the deeds that lead there."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from django.utils import timezone

from referral.cases.workflow import CaseStatus
from referral.organisations.models import Membership
from referral.organisations.roles import OrganisationType, Role
from referral.persons.merging.actions import decline_merge, undo_merge
from referral.persons.merging.workflow import Status as MergeStatus
from referral.registrations.models import Registration
from referral.registrations.workflow import Status as RegistrationStatus
from referral.residence.tasks import keep_terms
from referral.residence.workflow import ReflectionStatus, TrackStatus
from referral.retention.querysets import due_on
from referral.retention.workflow import Status as ErasureStatus
from shelters.actions import end_placement
from shelters.models import EndReason
from shelters.swaps import actions as swaps
from shelters.swaps.workflow import SwapStatus
from tests.deliberation.scenes import act
from tests.factories.cases import case_at
from tests.factories.emergencies import emergency_at
from tests.factories.erasures import erasure_at, night
from tests.factories.merges import make_merge
from tests.factories.people import make_member, make_organisation
from tests.factories.registrations import registration_at
from tests.factories.residence import file_of, running
from tests.factories.rights import request_at as rights_at
from tests.factories.shelters import Place, more_beds
from tests.factories.swaps import proposed_swap, staying
from tests.moves.deeds import Deed, do
from tests.moves.further import (
    EMERGENCY,
    ERASURE,
    MERGE,
    REFLECTION,
    REPORT,
    RIGHTS,
    SWAP,
    TRACK,
)
from tests.moves.further_deeds import RESIDENCE
from tests.moves.lives import Life, as_it_stands

#: Longer ago than a reflection period lasts.
LONG_AGO = timedelta(days=150)
#: No way to a status: it follows from another line, and only a permit that was revoked by then can
#: be revoked after an objection.
NO_WAY = {
    (TrackStatus.NONE, TrackStatus.REFLECTION),
    (TrackStatus.REJECTED, TrackStatus.OBJECTION),
}


def way_to(life: Life, goal: Any) -> list[Any]:
    """The shortest way from the first status of its table, by what persons do."""
    first = next(iter(life.moves))
    ways: dict[Any, list[Any]] = {first: []}
    new = [first]
    for start in new:
        for to, side in life.moves[start].items():
            if to in ways or side == "clock" or (start, to) in NO_WAY:
                continue
            ways[to] = [*ways[start], to]
            new.append(to)
    return ways[goal]


@dataclass
class Further:
    """Those who take part, of those who are there, and the immigration service of elsewhere."""

    place: Place
    actors: list[Membership]
    lawyer: Membership
    elsewhere: Membership = field(init=False)

    def __post_init__(self) -> None:
        service = make_organisation(OrganisationType.IND)
        self.elsewhere = make_member(Role.IND_LIAISON, organisation=service)

    def of(self, role: Role, at: Membership | None = None) -> Membership:
        """The first who holds this role, of the organisation of somebody, but not that person."""
        return next(
            one
            for one in self.actors
            if one.role == role
            and one != at
            and (at is None or one.organisation_id == at.organisation_id)
        )

    @property
    def members(self) -> list[Membership]:
        return [self.elsewhere]

    def make(self, life: Life, status: Any) -> Any:
        return MAKERS[life](self, life, status)

    def make_all(self, life: Life) -> dict[Any, Any]:
        """One in each status; last what the next night would put on the list again."""
        order = [*reversed(life.moves)]
        order.sort(key=lambda one: one is ErasureStatus.NOT_DUE)
        return {one: self.make(life, one) for one in order}

    def line(self, life: Life, status: Any) -> Any:
        """A line of a file of its own."""
        officer = self.place.country.officer
        registration = self.registered()
        if status in (ReflectionStatus.EXPIRED, TrackStatus.REFLECTION):
            expired = status == ReflectionStatus.EXPIRED
            starts_on = timezone.localdate() - (LONG_AGO if expired else timedelta())
            file = running(registration, officer=officer, starts_on=starts_on)
            keep_terms()
        else:
            file = file_of(registration, officer=officer)
            for goal in way_to(life, status):
                self._step(life, file, goal)
        return as_it_stands(life, file.pk)

    def _step(self, life: Life, file: Any, goal: Any) -> None:
        line = as_it_stands(life, file.pk)
        [step] = [one for one in RESIDENCE if one.life is life and one.arrows[0].goal == goal]
        [mover] = life.movers(line.status, goal)
        who = self.place.country.officer if mover == "police" else self.of(Role.IND_LIAISON)
        done(step, line, who)

    def emergency(self, _life: Life, status: Any) -> Any:
        """The privacy officer of the desk opened it, and does not judge it."""
        country = self.place.country
        opener, judge = (self.of(Role.FG, one) for one in (country.desk, country.bob))
        case = case_at(CaseStatus.ACTIVE, country)
        return emergency_at(status, case, by=opener, officer=judge)

    def registered(self) -> Registration:
        country = self.place.country
        return registration_at(
            RegistrationStatus.REGISTERED, reporter=country.officer, desk=country.desk
        )

    def merge(self, _life: Life, status: Any) -> Any:
        desk = self.place.country.desk
        kept, gone = (self.registered().person for _number in range(2))
        over = status in (MergeStatus.MERGED, MergeStatus.UNDONE)
        second = self.of(Role.COM_REGISTRAR, desk) if over else None
        merge = make_merge(kept, gone, by=desk, second=second)
        ends = {MergeStatus.DECLINED: decline_merge, MergeStatus.UNDONE: undo_merge}
        return act(desk, ends[status], merge) if status in ends else merge

    def erasure(self, _life: Life, status: Any) -> Any:
        """What is no longer due is so in a night that counts nothing of this person as due."""
        erasure = erasure_at(status, self.place.country)
        if status == ErasureStatus.NOT_DUE:
            person = erasure.person_id
            with patch(
                "referral.retention.actions.due_on",
                lambda day: [one for one in due_on(day) if one.person != person],
            ):
                night()
        return erasure

    def rights(self, _life: Life, status: Any) -> Any:
        officer = self.of(Role.FG, self.place.country.desk)
        return rights_at(status, self.registered().national_number, by=officer)

    def swap(self, _life: Life, status: Any) -> Any:
        place = self.place
        pair = [staying(place, place.house, bed) for bed in more_beds(place.house, 2)]
        swap = proposed_swap(place, *pair)
        worker = place.worker
        if status in (SwapStatus.AGREED, SwapStatus.DONE):
            act(worker, swaps.accept_swap, swap)
        if status == SwapStatus.DONE:
            act(worker, swaps.carry_out_swap, swap)
        elif status == SwapStatus.DECLINED:
            act(worker, swaps.decline_swap, swap)
        elif status == SwapStatus.WITHDRAWN:
            act(place.desk, swaps.withdraw_swap, swap)
        elif status == SwapStatus.LAPSED:
            act(worker, end_placement, pair[0], reason=EndReason.OWN_HOME)
        return swap


def done(step: Deed, record: Any, who: Membership) -> None:
    status, said = do(step, record, who, {})
    assert status == 302, (step.name, said)


MAKERS: dict[Life, Callable[..., Any]] = {
    REFLECTION: Further.line,
    TRACK: Further.line,
    REPORT: Further.line,
    EMERGENCY: Further.emergency,
    MERGE: Further.merge,
    ERASURE: Further.erasure,
    RIGHTS: Further.rights,
    SWAP: Further.swap,
}
