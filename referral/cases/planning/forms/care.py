from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.cases.forms import CaseForm, DayField
from referral.cases.models import Case, Need
from referral.cases.planning.actions import Assessment, LookBack, Tick
from referral.cases.planning.models import (
    Goal,
    Mark,
    Reached,
    RiskFactor,
    RiskLevel,
    SkipReason,
)
from referral.cases.planning.rules import LONGEST_WORDS


def _words(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class GoalForm(CaseForm):
    """What the person wants to reach."""

    need = forms.ChoiceField(label=_("About which need?"))
    words = _words(_("What does the person want to reach?"), _("In the words of the person."))

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["need"].choices = _needs_first(case.needs)  # type: ignore[attr-defined]


def _needs_first(known: Collection[str]) -> list[tuple[str, Any]]:
    """All needs; those that the case names stand first."""
    return sorted(((need.value, need.label) for need in Need), key=lambda one: one[0] not in known)


class AgreeForm(CaseForm):
    """When the person agreed."""

    agreed_on = DayField(label=_("On which day did the person agree?"))


class EvaluateForm(CaseForm):
    """How far a goal is."""

    reached = forms.ChoiceField(
        label=_("How far is the goal?"), choices=Reached.choices, widget=forms.RadioSelect
    )
    held_on = DayField(label=_("On which day did you talk about it?"))
    words = _words(_("What was said?"))

    def look(self, goal: Goal) -> LookBack:
        return LookBack(goal=goal, **self.cleaned_data)


class RiskForm(CaseForm):
    """How unsafe the person is, and when to look again."""

    level = forms.ChoiceField(
        label=_("How unsafe is the person now?"),
        choices=RiskLevel.choices,
        widget=forms.RadioSelect,
    )
    factors = forms.MultipleChoiceField(
        label=_("What does the risk come from?"),
        help_text=_("Of a high or acute risk, choose at least one."),
        choices=RiskFactor.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    words = _words(_("Explain it"), _("Never a shelter's address."))
    review_on = DayField(label=_("Look again before which day?"))
    #: The assessment that the page began from.
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=36)

    def assessment(self, case: Case) -> Assessment:
        return Assessment(case=case, **self.cleaned_data)


class TickForm(CaseForm):
    """One line of the checklist: done, not applicable with a reason, or open again."""

    code = forms.CharField(widget=forms.HiddenInput, max_length=24)
    mark = forms.ChoiceField(choices=Mark.choices)
    reason = forms.ChoiceField(
        choices=[("", _("Choose a reason")), *SkipReason.choices], required=False
    )

    def tick(self, case: Case) -> Tick:
        return Tick(case=case, **self.cleaned_data)
