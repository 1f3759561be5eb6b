"""What the desk fills in to link a registration to an earlier one."""

from collections.abc import Sequence
from typing import Any

from django.forms import CharField, ChoiceField, RadioSelect, Textarea, ValidationError
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referral.access.forms import HouseForm
from referral.organisations.models import Membership
from referral.registrations.duplicates.actions import Suggestion
from referral.registrations.models import Registration


class LinkForm(HouseForm):
    """To which earlier registration, and why."""

    earlier = ChoiceField(
        label=gettext_lazy("Which registration was the first about this person?"),
        widget=RadioSelect,
        required=False,
    )
    number = CharField(
        label=gettext_lazy("Another one, by its national number"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("For example CM-2026-00012."),
    )
    reason = CharField(
        label=gettext_lazy("Why is it the same person?"),
        max_length=2000,
        widget=Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It is kept sealed. Only the national desk reads it."),
    )

    def __init__(
        self, *args: Any, suggestions: Sequence[Suggestion], member: Membership, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        self.suggested = {str(one.registration.pk): one.registration for one in suggestions}
        if not suggestions:
            del self.fields["earlier"]
            self.fields["number"].required = True
            self.fields["number"].label = gettext_lazy(
                "National number of the earlier registration"
            )
            return
        field = self.fields["earlier"]
        assert isinstance(field, ChoiceField)  # noqa: S101 -- for the types
        field.choices = [(str(one.registration.pk), _said(one)) for one in suggestions]

    def clean(self) -> dict[str, Any]:
        super().clean()
        number = self.cleaned_data.get("number", "").upper()
        chosen = self.suggested.get(self.cleaned_data.get("earlier", ""))
        if number:
            visible = Registration.objects.visible_to(self.member)
            chosen = visible.filter(national_number=number).first()
            if chosen is None:
                self.add_error("number", ValidationError(_("No registration has this number.")))
        elif chosen is None and "earlier" in self.fields and "earlier" not in self.errors:
            self.add_error("earlier", ValidationError(_("Choose one, or give a number.")))
        self.cleaned_data["chosen"] = chosen
        return self.cleaned_data


def _said(one: Suggestion) -> str:
    day = date_format(localdate(one.registration.submitted_at))
    return f"{one.registration} ({day}): {', '.join(one.reasons)}"
