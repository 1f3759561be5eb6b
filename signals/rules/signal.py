"""What a signal must hold, who may make which move, and by when: each refusal in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache

from django.core.exceptions import PermissionDenied
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _
from holidays import country_holidays

from referral.geography.models import Municipality
from referral.lib.refusals import Refused
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.organisations.roles import Role
from signals.models import (
    AgeGroup,
    Channel,
    Exploitation,
    ImportBatch,
    PlaceKind,
    Sex,
    Signal,
    WorldRegion,
)
from signals.urgency import reasons_for
from signals.workflow import MOVES, Side, Status, Verdict

# Once, and not for each draft: an enumeration makes its list of values anew each time.
FORMS = frozenset(Exploitation.values)
PLACE_KINDS = frozenset(PlaceKind.values)
SEXES = frozenset(Sex.values)
AGE_GROUPS = frozenset(AgeGroup.values)
CHANNELS = frozenset(Channel.values)
WORLD_REGIONS = frozenset(WorldRegion.values)

#: Before this day no signal was ever seen: the year of such a date was mistyped.
EARLIEST = date(1990, 1, 1)
LONGEST_FACTS = 10_000
LONGEST_MOTIVATION = 5_000
MOST_VICTIMS = 999
URGENT_HOURS = timedelta(hours=4)
DESK_CLOSES = time(17)


class SignalRefused(Refused):
    """A draft that is no signal yet; `reasons` holds a sentence for each field."""

    def __init__(self, errors: Mapping[str, str], *, index: int = 0) -> None:
        super().__init__(" ".join(errors.values()))
        self.reasons, self.index = dict(errors), index


class MoveRefused(Refused, PermissionDenied):
    """The table does not know this move, or it is somebody else's to make."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """Which row of which file a draft comes from."""

    batch: ImportBatch
    key: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A signal before it is one: what a form, a file or a partner system says."""

    forms: Sequence[str]
    facts: str
    place_kind: str
    danger: bool
    municipality_code: str = ""
    observed: DateRange | None = None
    n_victims: int | None = None
    sex: str = Sex.UNKNOWN
    age_group: str = AgeGroup.UNKNOWN
    channel: str = Channel.WEB
    world_region: str = ""
    #: Loose facts without a field of their own; sealed with the narrative.
    details: Mapping[str, object] = field(default_factory=dict)
    row: FileRow | None = None


def draft_errors(draft: Draft, *, at: datetime) -> dict[str, str]:
    """What is wrong with a draft, by field; empty when it can be submitted.

    The one check for the web form, the bulk path and every file. It asks the database
    nothing: whether a municipality exists is asked once for all by `draft_refusals`.
    """
    checks = {
        "forms": _forms_error(draft),
        "facts": _facts_error(draft),
        "municipality": _place_error(draft),
        "place_kind": _known(draft.place_kind, PLACE_KINDS),
        "observed": _observed_error(draft.observed, timezone.localdate(at)),
        "n_victims": _number_error(draft),
        "sex": _known(draft.sex, SEXES),
        "age_group": _known(draft.age_group, AGE_GROUPS),
        "channel": _known(draft.channel, CHANNELS),
    }
    return {name: error for name, error in checks.items() if error}


def draft_refusals(
    drafts: Sequence[Draft], moments: Sequence[datetime]
) -> dict[int, dict[str, str]]:
    """The errors of each draft that cannot be submitted, by its place in the row."""
    named = {draft.municipality_code for draft in drafts if draft.municipality_code}
    known = set(Municipality.objects.filter(pk__in=named).values_list("pk", flat=True))
    refusals = {}
    for index, (draft, at) in enumerate(zip(drafts, moments, strict=True)):
        errors = draft_errors(draft, at=at)
        if draft.municipality_code and draft.municipality_code not in known:
            errors["municipality"] = _("Choose a municipality from the list.")
        if errors:
            refusals[index] = errors
    return refusals


def check_drafts(drafts: Sequence[Draft], moments: Sequence[datetime]) -> None:
    """Raise SignalRefused for the first draft that cannot be submitted."""
    for index, errors in draft_refusals(drafts, moments).items():
        raise SignalRefused(errors, index=index)


def _known(value: str, values: frozenset[str]) -> str:
    return "" if value in values else _("Choose one of the answers.")


def _forms_error(draft: Draft) -> str:
    if not draft.forms:
        return _("Choose at least one form of exploitation, or “I do not know”.")
    if not set(draft.forms) <= FORMS:
        return _("Choose one of the answers.")
    if Exploitation.UNKNOWN in draft.forms and len(set(draft.forms)) > 1:
        return _("You chose “I do not know” and also a form. Choose one or the other.")
    return ""


def _facts_error(draft: Draft) -> str:
    if len(draft.facts) > LONGEST_FACTS:
        return _("This is too long. Use at most %s characters.") % LONGEST_FACTS
    if not draft.facts.strip() and not draft.details:
        return _("Write down what you saw or heard.")
    return ""


def _place_error(draft: Draft) -> str:
    if draft.channel == Channel.INTERNATIONAL and not draft.municipality_code:
        return _known(draft.world_region, WORLD_REGIONS)
    if not draft.municipality_code or draft.world_region:
        return _("Choose a municipality from the list.")
    return ""


def _observed_error(observed: DateRange | None, today: date) -> str:
    if observed is None:
        return ""
    if not observed.lower or not observed.upper or observed.lower >= observed.upper:
        return _("Give a day, a month or a year.")
    if observed.lower > today:
        return _("This lies in the future. Give the day on which you saw it.")
    if observed.lower < EARLIEST:
        return _("This is before %s. Check the year.") % EARLIEST.year
    return ""


def _number_error(draft: Draft) -> str:
    if draft.n_victims is None:
        return ""
    if not 0 < draft.n_victims <= MOST_VICTIMS:
        return _("Give a number from 1 to %s, or leave it empty.") % MOST_VICTIMS
    if draft.n_victims == 1 and (draft.sex == Sex.MIXED or draft.age_group == AgeGroup.MIXED):
        return _("You described different people, so there is more than one.")
    return ""


def side_holds(member: Membership, signal: Signal, side: Side) -> bool:
    """Whether it is this member's turn: any analyst, or the one who took the signal up."""
    if not member.may(Permission.SIGNAL_TRIAGE):
        return False
    return (
        side == Side.ANALYST
        or signal.taken_up_by_id == member.user_id
        # The coordinator stands in for an analyst who is ill or on leave.
        or member.role == Role.EMM_COORDINATOR
    )


def can_move(member: Membership, signal: Signal, to: Status) -> bool:
    side = MOVES[Status(signal.status)].get(to)
    return side is not None and side_holds(member, signal, side)


def check_move(member: Membership, signal: Signal, to: Status) -> None:
    side = MOVES[Status(signal.status)].get(to)
    if side is None and to == Status.TRIAGE:
        raise MoveRefused(
            _("%(name)s has already taken up signal %(reference)s.")
            % {"name": signal.taken_up_by, "reference": signal.reference}
        )
    if side is None:
        raise MoveRefused(
            _("Signal %(reference)s is now “%(status)s”; this can no longer be done.")
            % {"reference": signal.reference, "status": signal.get_status_display()}
        )
    if not side_holds(member, signal, side):
        raise MoveRefused(
            _("Signal %(reference)s is with %(name)s, who decides on it.")
            % {"name": signal.taken_up_by, "reference": signal.reference}
        )


def can_judge(member: Membership, signal: Signal) -> bool:
    return any(can_move(member, signal, Status(verdict)) for verdict in Verdict.values)


def check_motivation(motivation: str) -> str:
    """The motivation without white space around it. Raises SignalRefused when there is none."""
    motivation = motivation.strip()
    if not motivation:
        raise SignalRefused({"motivation": _("Write down why you decide this.")})
    if len(motivation) > LONGEST_MOTIVATION:
        too_long = _("This is too long. Use at most %s characters.") % LONGEST_MOTIVATION
        raise SignalRefused({"motivation": too_long})
    return motivation


def urgency_reasons(signal: Signal) -> list[str]:
    """Why a signal stands where it stands in the queue, in words."""
    return reasons_for(signal.known)


def triage_due(signal: Signal) -> datetime:
    """When the expert centre has looked at it: 4 hours with danger or a minor, else one
    working day later, at the end of the day.
    """
    if signal.danger or signal.minors:
        return signal.created_at + URGENT_HOURS
    day = timezone.localdate(signal.created_at) + timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, DESK_CLOSES))


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _holidays(day.year)


@cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(country_holidays("NL", years=year))
