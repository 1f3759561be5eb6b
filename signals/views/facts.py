"""The coded answers of a signal, in words."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from signals.models import Signal


def facts(signal: Signal) -> list[tuple[str, str]]:
    """The coded answers, who reported and how, label and value."""
    return [
        *coded(signal),
        (_("Reported by"), signal.reporter_organisation.name),
        (_("Came in by"), signal.get_channel_display()),
    ]


def coded(signal: Signal) -> list[tuple[str, str]]:
    """The coded answers, label and value; an empty value is unknown."""
    return [
        (_("What happens"), ", ".join(signal.form_labels)),
        (_("Where"), place(signal)),
        (_("Kind of place"), signal.get_place_kind_display()),
        (_("When"), period(signal)),
        (_("Number of presumed victims"), str(signal.n_victims or "")),
        (_("Age"), signal.get_age_group_display()),
        (_("Sex"), signal.get_sex_display()),
        (_("Acute danger"), _("Yes") if signal.danger else _("No")),
    ]


def place(signal: Signal) -> str:
    if signal.municipality is not None:
        return str(signal.municipality)
    if not signal.world_region:
        return _("Unknown")
    return _("Abroad: %s") % signal.get_world_region_display()


def period(signal: Signal) -> str:
    """The days seen, as a day, a month, or from the first until the last."""
    if signal.observed is None:
        return ""
    first, after = signal.observed.lower, signal.observed.upper
    last = after.fromordinal(after.toordinal() - 1)
    if first == last:
        return f"{first:%d-%m-%Y}"
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return str(first.year) if first.year == last.year else f"{first.year}-{last.year}"
    if first.day == 1 and after.day == 1 and (last.year, last.month) == (first.year, first.month):
        return date_format(first, "F Y")
    return f"{first:%d-%m-%Y} – {last:%d-%m-%Y}"
