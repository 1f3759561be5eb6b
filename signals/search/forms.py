"""What one searches for, and how a search is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property, partial
from typing import Any, cast

from django import forms
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from referral.access.forms import DayField, HouseForm
from referral.geography.models import Municipality, SafetyRegion
from referral.geography.querysets import dutch_order
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.organisations.roles import OrganisationType
from signals.models import Exploitation
from signals.querysets import ABROAD
from signals.search.querysets import NEWEST, RELEVANCE, Asked
from signals.search.rules import LONGEST_NAME, LONGEST_WORDS
from signals.urgency import Level
from signals.workflow import INSIDE, Status

REPORTERS = (
    OrganisationType.POLICE_UNIT,
    OrganisationType.KMAR,
    OrganisationType.NLA,
    OrganisationType.MUNICIPALITY,
    OrganisationType.VO_CENTRE,
    OrganisationType.EMM,
)
URGENCIES = {
    Level.MINOR_IN_DANGER: _("Minor in acute danger"),
    Level.DANGER: _("Acute danger"),
    Level.MINOR: _("Minor"),
    Level.SEVERAL_STRONG: _("Several strong indicators"),
    Level.SOME_STRONG: _("A strong indicator"),
    Level.REST: _("Normal"),
}
SHORT = {"autocomplete": "off", "class": "short"}


Choices = list[tuple[Any, Any]]


class Offers:
    """The choices that depend on who searches, and when; for one form or for many.

    Who works on a signal at the expert centre, and that it is parked or read a second time, only
    they may search for.
    """

    def __init__(self, member: Membership) -> None:
        self.member = member
        self.inside = member.may(Permission.SIGNAL_JUDGE)

    def of(self, field: str) -> Choices:
        if field == "status":
            return [(s.value, s.label) for s in Status if self.inside or s not in INSIDE]
        abroad = [(ABROAD, _("Abroad"))] if field == "region" else []
        return [*self._read[field], *abroad]

    @cached_property
    def _read(self) -> dict[str, Choices]:
        """What the database knows, in one statement, and not before a field needs it."""
        there = Membership.objects.none()
        if self.inside:
            there = Membership.objects.working_beside(
                self.member, Permission.SIGNAL_TRIAGE, timezone.now()
            )
        existing = Municipality.objects.valid_on(timezone.localdate())
        rows = _rows("region", SafetyRegion.objects.all(), "code", "name").union(
            _rows("municipality", existing, "cbs_code", "name"),
            _rows("handler", there, "user_id", "user__full_name"),
            all=True,
        )
        read: dict[str, Choices] = {"region": [], "municipality": [], "handler": []}
        for row in rows.order_by("place", "chosen"):
            read[row["field"]].append((row["chosen"], row["words"]))
        return read


def _rows(field: str, rows: QuerySet[Any], code: str, words: str) -> QuerySet[Any, Any]:
    """Choices of this field, each with its place in a Dutch list."""
    return rows.order_by().values(
        field=Value(field, TextField()),
        chosen=Cast(code, TextField()),
        words=F(words),
        place=dutch_order(words),
    )


#: The fields of which the choices depend on who searches.
OFFERED = frozenset({"status", "region", "municipality", "handler"})


def _all_of(first: Choices, offers: Offers, field: str) -> Choices:
    return [*first, *offers.of(field)]


def _optional(label: Any, choices: list[tuple[Any, Any]], empty: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", empty), *choices])


class SearchForm(HouseForm):
    """Words and filters; each may stay empty. Sent in the body: an address would keep a name."""

    words = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=LONGEST_WORDS,
        strip=True,
        help_text=_(
            "Every word must occur. “Between quotation marks” is a phrase, -word leaves out, and"
            " OR between two words asks for one of them."
        ),
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    alike = forms.BooleanField(
        label=_("Also what is spelled or sounds nearly the same"), required=False
    )
    form = _optional(_("Form of exploitation"), list(Exploitation.choices), _("All forms"))
    status = _optional(_("Status"), [], _("All"))
    urgency = _optional(
        _("Urgency"), [(str(level.value), words) for level, words in URGENCIES.items()], _("All")
    )
    region = _optional(_("Safety region"), [], _("All regions"))
    municipality = _optional(_("Municipality"), [], _("All municipalities"))
    reporter_type = _optional(
        _("Reported by"), [(one.value, one.label) for one in REPORTERS], _("All")
    )
    handler = _optional(_("Taken up by"), [], _("Everyone"))
    since = DayField(label=_("Received from"), required=False, widget=forms.TextInput(SHORT))
    until = DayField(label=_("Until and including"), required=False, widget=forms.TextInput(SHORT))
    order = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[(RELEVANCE, _("Best match first")), (NEWEST, _("Newest first"))],
    )
    page = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, member: Membership, offers: Offers | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offers = offers or Offers(member)
        if not offers.inside:
            del self.fields["handler"]
        for name in OFFERED & self.fields.keys():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = partial(_all_of, cast("Choices", field.choices), offers, name)

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        since, until = answers.get("since"), answers.get("until")
        if since and until and until < since:
            self.add_error("until", gettext("This day comes before the first day."))
        return answers

    def asked(self) -> Asked:
        """Ask only of a form that is valid: a wrong answer must never show everything."""
        answers = {name: value for name, value in self.cleaned_data.items() if name != "page"}
        return Asked(**{**answers, "order": answers["order"] or RELEVANCE})

    def kept(self) -> dict[str, str]:
        """The answers as they were typed, to be asked again later."""
        names = [name for name in self.fields if name != "page" and self.cleaned_data.get(name)]
        return {name: str(self.data[name]) for name in names}


class NameForm(HouseForm):
    """Under which name a search is kept, and for whom."""

    name = forms.CharField(
        label=_("Name of the search"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    shared = forms.BooleanField(
        label=_("Colleagues of my organisation in my role may use it"), required=False
    )


class SaveForm(NameForm):
    """A search to keep: the answers come along as the page wrote them."""

    search = forms.CharField(widget=forms.HiddenInput, max_length=2000)

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member

    def clean_search(self) -> dict[str, str]:
        """Whatever came along must be a search that could be asked."""
        try:
            answers = {str(k): str(v) for k, v in json.loads(self.cleaned_data["search"]).items()}
        except (ValueError, AttributeError) as error:
            raise forms.ValidationError(
                gettext("Search again, and then keep the search.")
            ) from error
        if asked_by(answers, self.member) is None:
            raise forms.ValidationError(gettext("Search again, and then keep the search."))
        return answers


def asked_by(
    answers: Mapping[str, str], member: Membership, *, offers: Offers | None = None
) -> Asked | None:
    """What kept answers ask; None when a code in them no longer exists."""
    form = SearchForm(dict(answers), member=member, offers=offers)
    return form.asked() if form.is_valid() else None
