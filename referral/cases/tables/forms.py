"""Clean input for the deeds of a case table. Nothing here saves anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from referral.cases.forms import DayField
from referral.cases.planning.rules import LONGEST_WORDS
from referral.cases.tables.rules import INVITED
from referral.organisations.models import Membership, Organisation


class CallForm(HouseForm):
    """What the meeting must lead to, when it is, and who is invited."""

    goal = forms.CharField(
        label=_("What must the meeting lead to?"),
        help_text=_("Every organisation that you invite reads this. Name nobody."),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    held_on = DayField(label=_("On which day is the meeting?"))
    guests = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=_("Which organisations do you invite?"),
        help_text=_("The person must agree that each of them, or its kind, is at the table."),
        widget=forms.CheckboxSelectMultiple,
    )

    @classmethod
    def of(cls, member: Membership, data: Any = None) -> CallForm:
        form = cls(data)
        asked = Organisation.objects.filter(type__in=INVITED, closed_at=None)
        found = asked.exclude(pk=member.organisation_id).order_by("type", "name")
        form.fields["guests"].queryset = found  # type: ignore[attr-defined]
        return form


class HoldForm(HouseForm):
    """Who was there."""

    attended = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=_("Which organisations were there?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    @classmethod
    def of(cls, guests: Sequence[int], data: Any = None) -> HoldForm:
        form = cls(data)
        found = Organisation.objects.filter(pk__in=guests).order_by("name")
        form.fields["attended"].queryset = found  # type: ignore[attr-defined]
        return form


class AgreementForm(HouseForm):
    """What was agreed, by whom and before which day."""

    words = forms.CharField(
        label=_("What was agreed?"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Which organisation does it?"),
        help_text=_("Apart from you, only this organisation reads the agreement."),
        empty_label=_("Choose an organisation"),
    )
    due_on = DayField(label=_("Before which day?"))

    @classmethod
    def of(cls, parties: Sequence[int], data: Any = None) -> AgreementForm:
        form = cls(data)
        found = Organisation.objects.filter(pk__in=parties).order_by("name")
        form.fields["organisation"].queryset = found  # type: ignore[attr-defined]
        return form
