"""What every form of the house does, whatever it asks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referral.lib.typed import Typed
from referral.lib.versions import Version

#: The button that keeps what was typed, and sends nothing yet.
KEEP = "keep"
#: Sent along by forms of the house: the two keys, which version of a record the page showed, the
#: draft that it goes on with, the button that keeps it, and the sign of what it showed at first.
HOUSE_FIELDS = frozenset(
    {"csrfmiddlewaretoken", "idempotency_key", "version", "draft", KEEP, "untouched"}
)


class Resumed(QueryDict):
    """What was typed before and kept: a form shows it, and does not judge it yet."""

    @classmethod
    def of(cls, answers: Typed) -> Resumed:
        data = cls(mutable=True)
        for name, values in answers.items():
            data.setlist(name, list(values))
        return data


def typed(data: QueryDict) -> dict[str, list[str]]:
    """What a form sent, without its keys and without answers that are empty."""
    kept = {name: [one for one in values if one] for name, values in data.lists()}
    return {name: values for name, values in kept.items() if values and name not in HOUSE_FIELDS}


def sends_untouched(form: forms.Form) -> dict[str, list[str]]:
    """What a browser sends of this form before anybody typed in it, as `typed` has it."""
    shown: dict[str, list[str]] = {}
    for bound in form.visible_fields():
        widget, value = bound.field.widget, bound.value()
        if isinstance(widget, forms.CheckboxInput):
            values = ["on"] if value else []
        elif isinstance(widget, forms.widgets.ChoiceWidget):
            values = [str(one) for one in widget.format_value(value)]
            if isinstance(widget, forms.Select) and not widget.allow_multiple_selected:
                options = [str(option) for option, _label in bound.field.choices]  # type: ignore[attr-defined]
                values = [one for one in values if one in options] or options[:1]
        else:
            values = [widget.format_value(value) or ""]
        if any(values):
            shown[bound.html_name] = [one for one in values if one]
    return shown


def sign_of(answers: Typed) -> str:
    """The same for the same answers, whichever version of a record the page showed."""
    said = sorted((name, list(values)) for name, values in answers.items() if name != "seen")
    # A browser writes the end of a line in its own way.
    return sha256(json.dumps(said).replace("\\r\\n", "\\n").encode()).hexdigest()


def as_sent(answers: Typed) -> QueryDict:
    """What was typed, as a page would send it."""
    data = QueryDict(mutable=True)
    for name, values in answers.items():
        data.setlist(name, list(values))
    return data


def typed_in(request: HttpRequest) -> QueryDict | None:
    """What a page sends, or on opening it what was kept of it (`referral.cases.unsent`)."""
    if request.method == "POST":
        return request.POST
    kept = getattr(request, "kept", None)
    resumed: QueryDict | None = kept.resumed() if kept else None
    return resumed


def label_of(form: forms.Form, name: str) -> str:
    """The question of which this is the name."""
    asked = form.fields.get(name)
    return str(asked.label) if asked is not None and asked.label else name.replace("_", " ")


def words_of(form: forms.Form, name: str, values: list[str]) -> str:
    """The values as the page shows them: a choice by its label."""
    asked = form.fields.get(name)
    choices = asked.widget.choices if isinstance(asked, forms.ChoiceField) else ()
    labels = {str(value): str(label) for value, label in choices}
    return ", ".join(labels.get(value, value) for value in values)


#: How people write a day; without a century too.
DAYS = ["%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d", "%d-%m-%y"]
#: Three numbers, as of a day, whether or not the calendar has it.
LIKE_A_DAY = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}")
NO_SUCH_DAY = gettext_lazy("This day is not in the calendar. Check it.")


class HouseForm(forms.Form):
    """A form that refuses answers to questions that it did not ask, and cuts no answer short."""

    def full_clean(self) -> None:
        if isinstance(self.data, Resumed):
            self.cleaned_data = {}
            self.show_unjudged()
            return
        # Here, because a form may have added fields of its own since it was made.
        for field in self.fields.values():
            messages = field.error_messages
            if messages.get("required") is forms.Field.default_error_messages["required"]:
                messages["required"] = _("Answer this question.")
        super().full_clean()

    def __getitem__(self, name: str) -> forms.BoundField:
        # A browser leaves out, without a word, what is pasted beyond this; the server says so.
        self.fields[name].widget.attrs.pop("maxlength", None)
        return super().__getitem__(name)

    def unasked(self) -> set[str]:
        """The names of answers to questions that this form does not ask."""
        return self.data.keys() - self.fields.keys() - HOUSE_FIELDS

    def show_unjudged(self) -> None:
        """Show what was typed before, and do not say yet what is missing or wrong."""
        self._errors = ErrorDict(renderer=self.renderer)

    def clean(self) -> dict[str, Any]:
        unknown = self.unasked()
        if unknown:
            names = ", ".join(sorted(unknown))
            raise forms.ValidationError(_("This form does not ask for: %s.") % names)
        return self.cleaned_data


class SeenForm(HouseForm):
    """A form that changes what somebody else may have changed since its page was opened."""

    #: The version that the page showed (`referral.lib.versions.mark_of`); empty for nothing.
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=36)
    #: A deed was refused with this form, because it was not told of the newest version.
    overtaken = False

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if self.add_prefix("seen") not in self.data:
            said["seen"] = None  # sent by something that showed no page
        return said

    def beside(self, newer: Callable[[], Version]) -> Version | None:
        """What stands now, to be shown beside what was typed; None when nobody overtook it.

        Sent again, the form says that this version has been seen.
        """
        if not self.overtaken or not isinstance(self.data, QueryDict):
            return None
        version, sent = newer(), self.data.copy()
        sent["seen"] = version.seen
        self.data = sent
        return version


class DayField(forms.DateField):
    """A day as people write it: Dutch or ISO. Of 31 February it says that there is none."""

    widget = forms.DateInput(format="%d-%m-%Y", attrs={"class": "short", "autocomplete": "off"})
    default_error_messages = {"invalid": gettext_lazy("Write a day, such as 31-12-2026.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"input_formats": DAYS} | options)

    def to_python(self, value: Any) -> date | None:
        try:
            return super().to_python(value)
        except forms.ValidationError:
            if LIKE_A_DAY.fullmatch(str(value).strip()):
                raise forms.ValidationError(NO_SUCH_DAY, code="no_such_day") from None
            raise
