"""The coded facts of a signal that can be shown to a partner: a closed list, one by one chosen.

Who reported is not on it: a source stays with the expert centre.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from signals.models import Signal
from signals.views.facts import period, place

#: What stays as it was sent is written in the language of the chain, whoever sends it.
LANGUAGE = "nl"

FACTS: dict[str, tuple[str | Promise, Callable[[Signal], str]]] = {
    "forms": (_("What happens"), lambda signal: ", ".join(signal.form_labels)),
    "place": (_("Where"), place),
    "place_kind": (_("Kind of place"), lambda signal: signal.get_place_kind_display()),
    "observed": (_("When"), period),
    "n_victims": (_("Number of presumed victims"), lambda signal: str(signal.n_victims or "")),
    "age_group": (_("Age"), lambda signal: signal.get_age_group_display()),
    "sex": (_("Sex"), lambda signal: signal.get_sex_display()),
    "danger": (
        _("Acute danger"),
        lambda signal: gettext("Yes") if signal.danger else gettext("No"),
    ),
}


def facts_of(signal: Signal, names: Iterable[str]) -> list[list[str]]:
    """Label and value of the chosen facts, in Dutch; what is not known is left out."""
    chosen = set(names)
    with override(LANGUAGE):
        lines = [
            [str(label), str(value(signal))]
            for name, (label, value) in FACTS.items()
            if name in chosen
        ]
    return [line for line in lines if line[1]]
