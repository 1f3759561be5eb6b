"""Clean input for the deeds of a referral. Nothing here saves anything."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from referral.cases.models import Case, Need, Priority
from referral.cases.referrals.models import ReferralDecline, ReferralResult, ReferralSection
from referral.cases.referrals.rules import LONGEST_MESSAGE, RECEIVERS, Request
from referral.organisations.models import Membership, Organisation


class ReferralForm(HouseForm):
    """Whom you ask, for what, how soon, and what goes along."""

    receiver = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Which organisation do you ask?"),
        help_text=_("The whole team there sees the question; whoever accepts it helps."),
        empty_label=_("Choose an organisation"),
    )
    needs = forms.MultipleChoiceField(
        label=_("Which help do you ask?"),
        choices=Need.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    urgency = forms.ChoiceField(
        label=_("How soon must somebody act?"),
        choices=Priority.choices,
        widget=forms.RadioSelect,
    )
    sections = forms.MultipleChoiceField(
        label=_("What goes along?"),
        help_text=_(
            "The receiver sees it only after accepting, and no more once the help is done."
        ),
        choices=ReferralSection.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    message = forms.CharField(
        label=_("What the receiver must know"),
        help_text=_("Only what is needed for this help. Never a shelter's address."),
        max_length=LONGEST_MESSAGE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    @classmethod
    def of(cls, case: Case, member: Membership, data: Any = None) -> ReferralForm:
        initial = {
            "urgency": case.priority,
            "sections": [
                ReferralSection.SITUATION, ReferralSection.IDENTITY, ReferralSection.CONTACT,
            ],
        }  # fmt: skip
        form = cls(data, initial=initial)
        asked = Organisation.objects.filter(type__in=RECEIVERS, closed_at=None)
        found = asked.exclude(pk=member.organisation_id).order_by("type", "name")
        form.fields["receiver"].queryset = found  # type: ignore[attr-defined]
        return form

    def request_for(self, case: Case) -> Request:
        return Request(case=case, **self.cleaned_data)


class DeclineReferralForm(HouseForm):
    """Why the organisation cannot help."""

    reason = forms.ChoiceField(
        label=_("Why can you not help?"), choices=ReferralDecline.choices, widget=forms.RadioSelect
    )


class CompleteForm(HouseForm):
    """What became of the help."""

    result = forms.ChoiceField(
        label=_("What became of it?"), choices=ReferralResult.choices, widget=forms.RadioSelect
    )
