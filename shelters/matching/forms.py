"""Clean input for the deeds of matching."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from referral.cases.forms import DayField
from referral.cases.models import Case
from referral.geography.models import SafetyRegion
from referral.lib import countries
from referral.persons.models import AgeGroup, Sex
from shelters.lists.forms import ListedField, offer_listed
from shelters.lists.models import ListName
from shelters.lists.rules import Lists
from shelters.matching.models import Answer, Demand, Nationality, OverrideReason, Stay
from shelters.matching.models.eligibility import MOST_CHILDREN
from shelters.matching.rules.refusals import Asked, NewRule
from shelters.models import NeedCode, PlacementRequest, Urgency
from shelters.rules import Wish

OF_THE_WISH = ("urgency", "sex", "age_group", "needs", "avoid_region")


class AskForm(HouseForm):
    """What the place must be, and no more than is needed to find it."""

    urgency = forms.ChoiceField(label=_("How soon"), choices=Urgency, widget=forms.RadioSelect)
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex)
    age_group = forms.ChoiceField(label=_("Age group"), choices=AgeGroup)
    needs = forms.MultipleChoiceField(
        label=_("The place must offer"),
        choices=NeedCode,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    children = forms.IntegerField(
        label=_("How many children come along?"),
        min_value=0,
        max_value=MOST_CHILDREN,
        required=False,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    pets = forms.BooleanField(label=_("A pet comes along"), required=False)
    language = forms.ChoiceField(label=_("What the person speaks best"), required=False)
    avoid_region = forms.ModelChoiceField(
        SafetyRegion.objects.order_by("name"),
        label=_("Not in region"),
        help_text=_("Where the person is not safe."),
        required=False,
        empty_label=_("No region to avoid"),
    )
    avoid_regions = forms.ModelMultipleChoiceField(
        SafetyRegion.objects.order_by("name"),
        label=_("Nor in these regions"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 5}),
    )
    apart = forms.CharField(
        label=_("Not in one house with"),
        max_length=200,
        required=False,
        help_text=_(
            "References of your own cases, with a space between. For example CASE-2026-000123."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    nationality = forms.ChoiceField(label=_("Nationality"), choices=Nationality, required=False)
    stay = forms.ChoiceField(label=_("Residence"), choices=Stay, required=False)
    labour = forms.ChoiceField(
        label=_("Victim of labour exploitation?"), choices=Answer, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken = countries.spoken((get_language() or "nl")[:2])
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)  # noqa: S101 -- for the types
        language.choices = [("", _("Not known yet")), *spoken]

    def asked_for(self, case: Case) -> Asked:
        said = self.cleaned_data
        return Asked(
            wish=Wish(case=case, **{name: said[name] for name in OF_THE_WISH}),
            nationality=said["nationality"] or Nationality.UNKNOWN,
            stay=said["stay"] or Stay.UNKNOWN,
            labour=said["labour"] or Answer.UNKNOWN,
            children=said["children"] or 0,
            pets=said["pets"],
            language=said["language"],
            avoid_regions=list(said["avoid_regions"]),
            apart=sorted(set(re.findall(r"[^\s,;]+", said["apart"].upper()))),
        )


class RuleForm(HouseForm):
    """A rule from a day on, or the end of one."""

    deed = forms.ChoiceField(
        label=_("What changes?"),
        choices=[("begins", _("A rule begins")), ("ends", _("A rule ends"))],
        widget=forms.RadioSelect,
        initial="begins",
    )
    shelter_type = ListedField(ListName.TYPE, label=_("Type of shelter"))
    demand = forms.ChoiceField(label=_("Only for people"), choices=Demand)
    citation = forms.CharField(
        label=_("Which text says so?"),
        max_length=300,
        required=False,
        help_text=_("Not needed when a rule ends."),
    )
    since = DayField(label=_("From which day?"))

    @classmethod
    def of(cls, lists: Lists, data: Any, *, kept: Collection[str]) -> RuleForm:
        """Of what is in `kept` a rule can be ended, also when its type has ended."""
        form = cls(data)
        offer_listed(form, lists, on=timezone.localdate(), kept=kept)
        return form

    def new_rule(self) -> NewRule:
        said = self.cleaned_data
        return NewRule(
            shelter_type=said["shelter_type"],
            demand=said["demand"],
            citation=said["citation"],
            since=said["since"],
            ends=said["deed"] == "ends",
        )


class ReasonForm(HouseForm):
    """Why a place is taken in spite of what speaks against it."""

    reason = forms.ChoiceField(
        label=_("Why this place all the same?"),
        choices=[("", _("Choose a reason")), *OverrideReason.choices],
        required=False,
    )


class TogetherForm(forms.Form):
    """Who come together with the person of a request."""

    people = forms.MultipleChoiceField(required=False)

    def __init__(
        self, data: Any, files: Any = None, *, others: Sequence[PlacementRequest] = ()
    ) -> None:
        super().__init__(data, files)
        keys = [(str(other.pk), other.reference) for other in others]
        self.fields["people"] = forms.MultipleChoiceField(choices=keys, required=False)
        self.others = others

    def chosen(self) -> list[PlacementRequest]:
        keys = set(self.cleaned_data["people"]) if self.is_valid() else set()
        return [other for other in self.others if str(other.pk) in keys]


class PairsField(forms.Field):
    """Keys of a request and of a bed, as often as there are people."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[tuple[UUID, UUID]]:
        try:
            return [(UUID(asked), UUID(bed)) for asked, bed in (one.split() for one in value or ())]
        except ValueError as error:
            raise forms.ValidationError(_("Choose one of the answers.")) from error


class FamilyForm(HouseForm):
    """Who of a family gets which bed, and why in spite of what speaks against it."""

    pairs = PairsField()
    reason = ReasonForm.base_fields["reason"]
