"""What a signal must hold before it is one: each refusal in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.geography.models import Municipality
from referral.organisations.models import Membership
from signals.models import (
    AgeGroup,
    Channel,
    Exploitation,
    ImportBatch,
    PlaceKind,
    Sex,
    WorldRegion,
)
from signals.rules.catalogue import profile_for
from signals.rules.items import Said, said_errors
from signals.rules.refusals import SignalRefused

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
MOST_VICTIMS = 999


NOTHING = Said()
_TOWNS = {""}


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
    #: The questions of the reporter's own form, and whom and what the signal names.
    said: Said = NOTHING


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
    errors = {name: error for name, error in checks.items() if error}
    if draft.said is not NOTHING:
        errors |= said_errors(draft.said, today=timezone.localdate(at))
    return errors


def draft_refusals(
    drafts: Sequence[Draft], moments: Sequence[datetime]
) -> dict[int, dict[str, str]]:
    """The errors of each draft that cannot be submitted, by its place in the row."""
    known = _towns_among({draft.municipality_code for draft in drafts})
    refusals = {}
    for index, (draft, at) in enumerate(zip(drafts, moments, strict=True)):
        errors = draft_errors(draft, at=at)
        if draft.municipality_code not in known:
            errors["municipality"] = _("Choose a municipality from the list.")
        if errors:
            refusals[index] = errors
    return refusals


def _towns_among(codes: set[str]) -> set[str]:
    """Those that are municipalities, or none at all. A code that was found is not asked for
    again: municipalities end, and their rows stay.
    """
    if new := codes - _TOWNS:
        _TOWNS.update(Municipality.objects.filter(pk__in=new).values_list("pk", flat=True))
    return codes & _TOWNS


def check_drafts(drafts: Sequence[Draft], moments: Sequence[datetime]) -> None:
    """Raise SignalRefused for the first draft that cannot be submitted."""
    for index, errors in draft_refusals(drafts, moments).items():
        raise SignalRefused(errors, index=index)


def check_profiles(drafts: Sequence[Draft], *, by: Membership) -> None:
    """Raise SignalRefused for answers to the form of another kind of organisation."""
    own = profile_for(by.organisation.type).code
    for index, draft in enumerate(drafts):
        if draft.said.edition and draft.said.profile != own:
            raise SignalRefused(
                {"edition": _("These are not the questions of your organisation.")}, index=index
            )


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
    if draft.channel == Channel.CITIZEN and not draft.world_region:
        return ""
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
