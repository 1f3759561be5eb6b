"""The rows of an example file, in the words of the signals that they would become."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from signals.actions import ReadRow
from signals.forms.fields import write_period
from signals.models import AgeGroup, Channel, Exploitation, PlaceKind, Sex, WorldRegion
from signals.rules import Draft


@dataclass(frozen=True, slots=True)
class TriedRow:
    """A line of the example: what it would say as a signal, or why it would be refused."""

    line: int
    said: tuple[tuple[str, str], ...] = ()
    reason: str = ""


def tried_rows(rows: Sequence[ReadRow], reasons: Mapping[int, str]) -> list[TriedRow]:
    """`reasons` are those of the drafts, by their place among the drafts."""
    shown, drafts = [], 0
    for row in rows:
        if row.draft is None:
            shown.append(TriedRow(row.line, reason=row.reason))
            continue
        shown.append(TriedRow(row.line, _said(row.draft), reasons.get(drafts, "")))
        drafts += 1
    return shown


def _said(draft: Draft) -> tuple[tuple[str, str], ...]:
    details = "; ".join(
        f"{name}: {', '.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in draft.details.items()
    )
    said = {
        _("Form of exploitation"): ", ".join(str(Exploitation(one).label) for one in draft.forms),
        _("Seen in"): write_period(draft.observed),
        _("Municipality"): draft.municipality_code,
        _("Region of the world"): draft.world_region and str(WorldRegion(draft.world_region).label),
        _("Kind of place"): str(PlaceKind(draft.place_kind).label),
        _("Number of persons"): str(draft.n_victims or ""),
        _("Sex"): str(Sex(draft.sex).label),
        _("Age"): str(AgeGroup(draft.age_group).label),
        _("Channel"): draft.channel and str(Channel(draft.channel).label),
        _("Acute danger"): _("yes") if draft.danger else "",
        _("What was seen or heard"): Truncator(draft.facts).chars(200),
        _("Loose facts"): Truncator(details).chars(200),
    }
    return tuple((name, value) for name, value in said.items() if value)
