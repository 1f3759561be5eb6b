"""The question that the officer asks of the trail."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referral.organisations.models import Organisation

#: Without a period the trail of the last days is shown; a month lies in one partition.
DAYS = 7
FORMATS = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"]


class TrailForm(forms.Form):
    """A period, and what to look for in it; each may stay empty."""

    start = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        input_formats=FORMATS,
        help_text=gettext_lazy("For example 31-12-2026. Empty means seven days ago."),
        widget=forms.DateInput(format="%d-%m-%Y", attrs={"class": "short"}),
    )
    end = forms.DateField(
        label=gettext_lazy("Up to and including"),
        required=False,
        input_formats=FORMATS,
        help_text=gettext_lazy("Empty means today."),
        widget=forms.DateInput(format="%d-%m-%Y", attrs={"class": "short"}),
    )
    action = forms.RegexField(
        r"^[a-z][a-z0-9_]*$",
        label=gettext_lazy("Action"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("For example case_opened."),
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.order_by("name"),
        label=gettext_lazy("Organisation"),
        required=False,
        empty_label=gettext_lazy("All organisations"),
    )
    object_id = forms.RegexField(
        r"^[0-9A-Za-z-]*$",
        label=gettext_lazy("Key of the object"),
        required=False,
        max_length=64,
        help_text=gettext_lazy("The key in the address of its page."),
    )
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        unknown = self.data.keys() - self.fields.keys()
        if unknown:
            raise forms.ValidationError(_("This form does not know all that was sent."))
        answers: dict[str, Any] = self.cleaned_data
        start, end = answers.get("start"), answers.get("end")
        if start and end and end < start:
            self.add_error("end", _("The period ends before it begins."))
        return answers

    def period(self, today: date) -> tuple[datetime, datetime]:
        """Half-open, by the clock of the Netherlands."""
        end = self.cleaned_data["end"] or today
        start = self.cleaned_data["start"] or end - timedelta(days=DAYS)
        return _midnight(start), _midnight(end + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
