"""What every form of the house does, whatever it asks."""

import re
from datetime import date
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

#: Sent along by forms of the house: the two keys, which version of a record the page showed, and
#: the draft that it goes on with.
HOUSE_FIELDS = frozenset({"csrfmiddlewaretoken", "idempotency_key", "version", "draft"})

#: How people write a day; without a century too.
DAYS = ["%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d", "%d-%m-%y"]
#: Three numbers, as of a day, whether or not the calendar has it.
LIKE_A_DAY = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}")
NO_SUCH_DAY = gettext_lazy("This day is not in the calendar. Check it.")


class HouseForm(forms.Form):
    """A form that refuses answers to questions that it did not ask, and cuts no answer short."""

    def full_clean(self) -> None:
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
