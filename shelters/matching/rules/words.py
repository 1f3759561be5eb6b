"""Each reason in words, in the language of who reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from referral.lib import countries
from shelters.matching.models.codes import Demand
from shelters.matching.rules.fitting import Reason
from shelters.models import NeedCode

SENTENCES: dict[str, Promise] = {
    "avoid_region": gettext_lazy("lies in a region to avoid"),
    "known_person": gettext_lazy("somebody to be kept apart from lives here"),
    "no_secret_address": gettext_lazy("has no secret address"),
    "women_only": gettext_lazy("takes in women and girls only"),
    "men_only": gettext_lazy("takes in men and boys only"),
    "adults_only": gettext_lazy("takes in adults only"),
    "minors_only": gettext_lazy("takes in minors only"),
    "no_children": gettext_lazy("has no room for children"),
    "no_wheelchair": gettext_lazy("is not accessible by wheelchair"),
    "no_pets": gettext_lazy("takes in no pets"),
    "no_family_unit": gettext_lazy("is no family unit"),
    "not_for_several": gettext_lazy("is not made for multiple problems"),
    "secret_address": gettext_lazy("secret address"),
    "for_victims": gettext_lazy("for victims of trafficking"),
    "for_several": gettext_lazy("made for multiple problems"),
    "children_welcome": gettext_lazy("children are welcome"),
    "family_unit": gettext_lazy("family unit"),
    "pets_welcome": gettext_lazy("pets are welcome"),
    "taken": gettext_lazy(
        "every place that fits goes to people who are more urgent, fit better or wait longer"
    ),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A reason in words, and the text that it rests on."""

    words: str
    source: str = ""


def said(reason: Reason) -> Said:
    """The words of one reason."""
    kind, _line, rest = reason.code.partition("_")
    if kind == "rule":
        who = Demand(rest).label
        return Said(_("is meant for people %(who)s") % {"who": who}, reason.detail)
    if kind == "ask":
        return Said(_("not known yet: %(who)s") % {"who": Demand(rest).label}, reason.detail)
    return Said(_about(reason))


def _about(reason: Reason) -> str:
    if reason.code == "no_expertise":
        return _("without expertise: %(what)s") % {"what": NeedCode(reason.detail).label}
    if reason.code == "expertise":
        return _("expertise: %(what)s") % {"what": NeedCode(reason.detail).label}
    if reason.code == "language":
        names = countries.languages((get_language() or "nl")[:2])
        return _("speaks %(language)s") % {"language": names.get(reason.detail, reason.detail)}
    if reason.code == "free_later":
        day = timezone.localtime(datetime.fromisoformat(reason.detail))
        return _("expected to be free on %(day)s") % {"day": date_format(day, "DATE_FORMAT")}
    return str(SENTENCES[reason.code])
