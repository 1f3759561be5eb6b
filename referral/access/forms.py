"""What every form of the house does, whatever it asks."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext as _

from referral.lib.versions import Version

#: Sent along by forms of the house: the two keys, which version of a record the page showed, and
#: the draft that it goes on with.
HOUSE_FIELDS = frozenset({"csrfmiddlewaretoken", "idempotency_key", "version", "draft"})


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
