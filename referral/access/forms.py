"""What every form of the house does, whatever it asks."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

#: Sent along by forms of the house: the two keys, and which version of a record the page showed.
HOUSE_FIELDS = frozenset({"csrfmiddlewaretoken", "idempotency_key", "version"})


class HouseForm(forms.Form):
    """A form that refuses answers to questions that it did not ask."""

    def clean(self) -> dict[str, Any]:
        unknown = self.data.keys() - self.fields.keys() - HOUSE_FIELDS
        if unknown:
            names = ", ".join(sorted(unknown))
            raise forms.ValidationError(_("This form does not ask for: %s.") % names)
        return self.cleaned_data
