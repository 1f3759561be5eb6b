"""A next version of terms: the numbers, which text says so, how sure it is, and from when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from referral.residence.forms import DayField
from referral.terms.rules import BOOKS, Book, NewVersion


class VersionForm(HouseForm):
    """One for each kind of terms on the page; `book` says which of them was sent."""

    book = forms.ChoiceField(choices=[(slug, slug) for slug in BOOKS], widget=forms.HiddenInput)
    source = forms.CharField(
        label=_("Which text says so?"),
        max_length=200,
        help_text=_("An article of law, or what the chain agreed and when."),
    )
    from_day = DayField(
        label=_("From which day does it hold?"),
        help_text=_("A day after today, for example 31-12-2026."),
    )

    def __init__(self, *args: Any, of: Book, now: Mapping[str, int], **kwargs: Any) -> None:
        begins = {"auto_id": f"{of.slug}_%s", "initial": {"book": of.slug, **now}}
        super().__init__(*args, **kwargs | begins)
        self.of = of
        asked: dict[str, forms.Field] = {"book": self.fields["book"]}
        if of.codes:
            asked["code"] = forms.ChoiceField(label=_("Term"), choices=of.codes)
        for number in of.numbers:
            asked[number.name] = forms.IntegerField(
                label=number.question,
                min_value=number.lowest,
                max_value=number.highest,
                widget=forms.NumberInput(attrs={"class": "short"}),
            )
        asked["source"] = self.fields["source"]
        asked["certainty"] = forms.ChoiceField(
            label=_("How sure is it?"), choices=of.certainties, widget=forms.RadioSelect
        )
        self.fields = {**asked, "from_day": self.fields["from_day"]}

    def version(self) -> NewVersion:
        sent = self.cleaned_data
        return NewVersion(
            book=self.of,
            numbers={number.name: sent[number.name] for number in self.of.numbers},
            source=sent["source"],
            certainty=sent["certainty"],
            from_day=sent["from_day"],
            code=sent.get("code", ""),
        )
