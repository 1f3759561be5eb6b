"""What the reporter's side says after sending: a signal anew, a signal of its own, or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from referral.organisations.models import Membership
from signals.actions import OpenedItem, OpenedSignal
from signals.forms.desk import words
from signals.forms.fields import write_period
from signals.forms.signal import NO, YES, SignalForm, people_of
from signals.forms.steps import REST, rows_name
from signals.models import Absence, WithdrawalReason
from signals.rules import field_name
from signals.rules.questions import Profile, Question, Shape

#: What follows by itself from an empty answer.
NOT_SAID = ("", Absence.NOT_ASKED, Absence.NOT_APPLICABLE)


class AmendForm(SignalForm):
    """The signal as it was sent, to be changed, and why."""

    reason = words(
        _("Why do you change it?"),
        _("The expert centre reads this. What was said before stays on record."),
    )
    after = forms.IntegerField(min_value=0, initial=0, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, member: Membership, opened: OpenedSignal | None = None, **kwargs: Any
    ) -> None:
        if opened is not None:
            kwargs["initial"] = said_before(opened)
        super().__init__(*args, member=member, **kwargs)


class WithdrawForm(HouseForm):
    """Why a reporter takes a signal back."""

    reason = forms.ChoiceField(
        label=_("Why do you take it back?"),
        choices=WithdrawalReason.choices,
        widget=forms.RadioSelect,
    )
    explanation = words(
        _("Explanation"), _("The expert centre reads this. Name nobody who did not agree.")
    )


class SplitForm(HouseForm):
    """For which presumed victims a signal of their own is made."""

    persons = forms.TypedMultipleChoiceField(
        label=_("Who gets a signal of their own?"),
        help_text=_("One stays in this signal. The facts, and all others, stand in each."),
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, victims: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["persons"].choices = list(victims)  # type: ignore[attr-defined]


def said_before(opened: OpenedSignal) -> dict[str, Any]:
    """A signal as the answers of its form, rows and all."""
    signal, said = opened.signal, opened.said
    profile = said.questions
    answers: dict[str, Any] = {
        "after": len(opened.amendments),
        "danger": YES if signal.danger else NO,
        "forms": signal.forms,
        "facts": opened.facts,
        "municipality": signal.municipality_id,
        "place_kind": signal.place_kind,
        "observed": write_period(signal.observed),
        "n_victims": signal.n_victims,
        "people": people_of(signal.sex, signal.age_group),
        **said.answers,
    }
    if profile is not None:
        answers |= whys(profile.questions, said.absent)
        answers[REST] = rest_of(profile.questions, said.absent)
        answers |= rows_before([one for one in opened.items if one.item.left_in is None], profile)
    return answers


def rows_before(items: Sequence[OpenedItem], profile: Profile) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for group in profile.groups:
        kind, questions = group.kind, group.questions
        rows = [one.entry for one in items if one.item.kind == kind]
        answers[rows_name(kind)] = len(rows)
        for number, entry in enumerate(rows, start=1):
            row = {**whys(questions, entry.absent), **entry.answers}
            answers |= {field_name(kind, number, name): said for name, said in row.items()}
            answers[field_name(kind, number, REST)] = rest_of(questions, entry.absent)
    return answers


def whys(questions: Iterable[Question], absent: Mapping[str, str]) -> dict[str, str]:
    """Where a list of answers holds the reason for having none, that reason."""
    return {
        one.name: absent[one.name]
        for one in questions
        if one.shape == Shape.CHOICE and absent.get(one.name, "") not in NOT_SAID
    }


def rest_of(questions: Iterable[Question], absent: Mapping[str, str]) -> str:
    """Why the boxes were left empty, as it was said once for all of them."""
    boxes = (absent.get(one.name, "") for one in questions if one.shape != Shape.CHOICE)
    return next((why for why in boxes if why not in NOT_SAID), "")
