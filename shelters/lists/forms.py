"""Clean input for the lists. Nothing here saves anything."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from referral.cases.forms import DayField
from shelters.lists.models import ListedCode, ListName
from shelters.lists.rules import Lists, NewCode

ADD, END = "add", "end"


class ListedField(forms.ChoiceField):
    """One code of a list; see offer_listed."""

    def __init__(self, listed: ListName, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.listed = listed


class ListedManyField(forms.MultipleChoiceField):
    """Any codes of a list; see offer_listed."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, listed: ListName, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.listed = listed


def offer_listed(
    form: forms.BaseForm, lists: Lists, *, on: date, kept: Collection[str] = ()
) -> None:
    """Let each field choose from its list: what holds on this day, and what is recorded."""
    for field in form.fields.values():
        if isinstance(field, ListedField | ListedManyField):
            field.choices = lists.choices(field.listed, on=on, kept=kept)


class NewCodeForm(HouseForm):
    """A code from a day on, with its words and where it comes from."""

    deed = forms.CharField(initial=ADD, widget=forms.HiddenInput)
    list = forms.ChoiceField(label=_("Which list?"), choices=ListName)
    code = forms.CharField(
        label=_("Code"),
        help_text=_("Small letters, for machines. It can never be given again."),
        max_length=16,
        widget=forms.TextInput(
            attrs={"class": "short", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    dutch = forms.CharField(label=_("What it is called in Dutch"), max_length=80)
    english = forms.CharField(label=_("What it is called in English"), max_length=80)
    source = forms.CharField(label=_("Where does it come from?"), max_length=300)
    since = DayField(label=_("From which day can it be chosen?"))

    def new_code(self) -> NewCode:
        said = self.cleaned_data
        names = ("list", "code", "dutch", "english", "source", "since")
        return NewCode(**{name: said[name] for name in names})


class EndCodeForm(HouseForm):
    """From which day a code cannot be chosen any more."""

    deed = forms.CharField(initial=END, widget=forms.HiddenInput)
    ending = forms.ChoiceField(label=_("Which code ends?"))
    until = DayField(label=_("From which day can it no longer be chosen?"))
    ASKED_AS = {"code": "ending"}

    @classmethod
    def of(cls, lists: Lists, data: Any = None) -> EndCodeForm:
        form = cls(data)
        ending = form.fields["ending"]
        assert isinstance(ending, forms.ChoiceField)  # noqa: S101 -- for the types
        ending.choices = [
            (
                str(name.label),
                [(str(row.pk), row.words) for row in lists.of(name) if row.valid.upper is None],
            )
            for name in ListName
        ]
        return form

    def chosen(self, lists: Lists) -> ListedCode:
        return next(row for row in lists.rows if str(row.pk) == self.cleaned_data["ending"])
