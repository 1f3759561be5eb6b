"""What a reporter or the desk puts right, and what the desk decides on it."""

from typing import Any, ClassVar

from django.forms import CharField, ChoiceField, RadioSelect, Textarea, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referral.access.forms import HouseForm
from referral.organisations.models import Membership
from referral.persons.models import AgeGroup
from referral.registrations.corrections.rules import Correction
from referral.registrations.corrections.workflow import Status
from referral.registrations.forms.entries import (
    MINOR,
    initial_reported,
    reported_from,
    stated_minor,
)
from referral.registrations.forms.registration import RegistrationForm
from referral.registrations.models import Registration

#: The questions of a registration that may be answered anew.
ASKED = (
    "forms", "primary_form", "sector", "crossing", "period_from", "period_until", "period_absent",
    "place_country", "place_municipality", "sex", "is_minor",
)  # fmt: skip


class CorrectionForm(HouseForm):
    """The questions of a registration again, as it is answered now, and why they were wrong."""

    ASKED_AS: ClassVar = RegistrationForm.ASKED_AS

    age_group = ChoiceField(label=gettext_lazy("Age"), choices=AgeGroup.choices)
    reason = CharField(
        label=gettext_lazy("Why is it corrected?"),
        max_length=2000,
        widget=Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It is kept sealed. The national desk and the reporter read it."),
    )

    def __init__(
        self, *args: Any, registration: Registration, member: Membership, **kwargs: Any
    ) -> None:
        person = registration.person
        initial = {
            **initial_reported(registration),
            "sex": person.sex,
            "age_group": person.age_group,
            "is_minor": MINOR[person.is_minor],
        }
        super().__init__(*args, **{"initial": initial, **kwargs})
        asked = RegistrationForm(member=member)
        self.fields = {name: asked.fields[name] for name in ASKED} | self.fields

    def correction(self) -> Correction:
        """What the registration should have said."""
        answers = self.cleaned_data
        return Correction(
            **reported_from(answers),
            sex=answers["sex"],
            age_group=answers["age_group"],
            is_minor=stated_minor(answers["is_minor"]),
        )


class DecideForm(HouseForm):
    """What becomes of a correction that waits."""

    decision = ChoiceField(label=gettext_lazy("What do you decide?"), widget=RadioSelect)
    answer = CharField(
        label=gettext_lazy("Why not?"),
        max_length=2000,
        required=False,
        widget=Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Only when you do not accept it. The reporter reads this."),
    )

    def __init__(self, *args: Any, decisions: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["decision"]
        assert isinstance(field, ChoiceField)  # noqa: S101 -- for the types
        field.choices = decisions
        field.initial = decisions[0][0] if len(decisions) == 1 else None
        field.error_messages["invalid_choice"] = _("This was decided meanwhile, or is not yours.")
        if Status.DECLINED not in dict(decisions):
            del self.fields["answer"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        declined = self.cleaned_data.get("decision") == Status.DECLINED
        if declined and not self.cleaned_data.get("answer"):
            self.add_error("answer", ValidationError(_("Say why you do not accept it.")))
        return self.cleaned_data
