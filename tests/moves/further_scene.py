"""Records of the lives in tests/moves/further.py in every status, by the deeds that lead there."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from referral.organisations.models import Membership
from referral.organisations.roles import OrganisationType, Role
from referral.registrations.workflow import Status as RegistrationStatus
from referral.residence.tasks import keep_terms
from referral.residence.workflow import ReflectionStatus, TrackStatus
from tests.factories.people import make_member, make_organisation
from tests.factories.registrations import registration_at
from tests.factories.residence import file_of, running
from tests.factories.shelters import Place
from tests.moves.deeds import Deed, do
from tests.moves.further import REFLECTION, REPORT, TRACK
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
    liaison: Membership
    elsewhere: Membership = field(init=False)

    def __post_init__(self) -> None:
        service = make_organisation(OrganisationType.IND)
        self.elsewhere = make_member(Role.IND_LIAISON, organisation=service)

    @property
    def members(self) -> list[Membership]:
        return [self.elsewhere]

    def make(self, life: Life, status: Any) -> Any:
        return MAKERS[life](self, life, status)

    def line(self, life: Life, status: Any) -> Any:
        """A line of a file of its own."""
        country = self.place.country
        officer = country.officer
        registration = registration_at(
            RegistrationStatus.REGISTERED, reporter=officer, desk=country.desk
        )
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
        who = self.place.country.officer if mover == "police" else self.liaison
        done(step, line, who)


def done(step: Deed, record: Any, who: Membership) -> None:
    status, said = do(step, record, who, {})
    assert status == 302, (step.name, said)


MAKERS: dict[Life, Callable[..., Any]] = {
    REFLECTION: Further.line,
    TRACK: Further.line,
    REPORT: Further.line,
}
