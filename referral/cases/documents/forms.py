"""A document that is added to a case, and why one is withdrawn. Nothing here saves anything."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from referral.cases.documents.models import Category, WithdrawReason
from referral.cases.documents.rules import LONGEST_TITLE, Entry
from referral.cases.forms import DayField
from referral.cases.models import Case
from referral.files.forms import BeginForm, FileForm


class AboutForm(HouseForm):
    """What is told of a document."""

    field_order = ("title", "category", "dated_on", "file")

    title = forms.CharField(
        label=_("Title"),
        help_text=_("Short, so that a colleague finds it again."),
        max_length=LONGEST_TITLE,
    )
    category = forms.ChoiceField(
        label=_("What kind of document is it?"),
        choices=[("", _("Choose a kind")), *Category.choices],
    )
    dated_on = DayField(label=_("Of which day is the document?"))

    def entry_for(self, case: Case) -> Entry:
        told = {name: self.cleaned_data[name] for name in ("title", "category", "dated_on")}
        return Entry(case=case, **told)


class DocumentForm(AboutForm, FileForm):
    """A whole document."""


class BeginDocumentForm(AboutForm, BeginForm):
    """A document whose file comes in pieces."""


class WithdrawForm(HouseForm):
    """Why a document is taken out of the case."""

    why = forms.ChoiceField(
        label=_("Why do you withdraw it?"), choices=WithdrawReason.choices, widget=forms.RadioSelect
    )
