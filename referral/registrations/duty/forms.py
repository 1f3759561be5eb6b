"""Why nobody is registered, and how long an officer has."""

from __future__ import annotations

from typing import Any

from django.forms import (
    CharField,
    ChoiceField,
    HiddenInput,
    IntegerField,
    NumberInput,
    RadioSelect,
)
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from referral.registrations.duty.models import HOURS, Reason, Term


class ExplainForm(HouseForm):
    """The reason that closes a reminder."""

    reason = ChoiceField(
        label=_("Why is nobody registered?"), choices=Reason.choices, widget=RadioSelect
    )


class TermForm(HouseForm):
    """The next version of the term."""

    hours = IntegerField(
        label=_("Hours after the signal"),
        min_value=HOURS[0],
        max_value=HOURS[1],
        widget=NumberInput(attrs={"class": "short"}),
    )
    reason = CharField(label=_("Why the term changes"), max_length=200)
    version = IntegerField(widget=HiddenInput)

    def __init__(self, *args: Any, term: Term | None = None, **kwargs: Any) -> None:
        if term is not None:
            kwargs["initial"] = {"hours": term.hours, "version": term.version}
        super().__init__(*args, **kwargs)
