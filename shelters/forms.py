"""Clean input for the deeds of shelter. Nothing here saves anything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.forms import model_to_dict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from referral.cases.forms import DayField
from referral.geography.models import SafetyRegion
from referral.lib import countries
from referral.organisations.models import Organisation
from referral.organisations.roles import OrganisationType
from referral.sharing.models import LegalBasis
from shelters.models import (
    MOST_PLACES,
    Bed,
    BedKind,
    EndReason,
    Expertise,
    Funding,
    PlacementRequest,
    RefusalReason,
    RevealPurpose,
    SecurityLevel,
    Sexes,
    Shelter,
    ShelterType,
    TargetGroup,
)
from shelters.querysets import BedQuerySet
from shelters.rules import POLICE, Agreement, Location, Offer, Standing

OLDEST = 120
SHORT = {"class": "short"}
#: No browser keeps what is typed here.
HIDDEN_FROM_BOOK = forms.TextInput(attrs={"autocomplete": "off"})

FREE, RESERVED, OCCUPIED, OUT = "free", "reserved", "occupied", "out"
STATES = [
    (FREE, _("Free")),
    (RESERVED, _("Reserved")),
    (OCCUPIED, _("Occupied")),
    (OUT, _("Out of order")),
]


class RefusalForm(HouseForm):
    """Why the shelter says no."""

    reason = forms.ChoiceField(label=_("Why do you refuse?"), choices=RefusalReason)


class DepartureForm(HouseForm):
    """Why the stay ends; who never came has not left."""

    reason = forms.ChoiceField(
        label=_("Why does the stay end?"),
        choices=[one for one in EndReason.choices if one[0] != EndReason.NEVER_ARRIVED],
        widget=forms.RadioSelect,
    )


class NoShowForm(HouseForm):
    """The person did not come: one tap."""

    REASONS = ((EndReason.NEVER_ARRIVED.value, EndReason.NEVER_ARRIVED.label),)
    reason = forms.ChoiceField(choices=REASONS)


class EmergencyForm(HouseForm):
    """Where the police brought the person, since when, and on which basis."""

    bed = forms.ModelChoiceField(
        Bed.objects.none(),
        label=_("In which bed does the person sleep?"),
        empty_label=_("Choose a bed"),
    )
    since = forms.DateTimeField(
        label=_("Since which day and time?"),
        help_text=_("For example 31-12-2026 23:30. The bed counts from this moment."),
        input_formats=["%d-%m-%Y %H:%M", "%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"],
        error_messages={"invalid": _("Write a day and a time, such as 31-12-2026 18:00.")},
        widget=forms.DateTimeInput(
            format="%d-%m-%Y %H:%M", attrs={"class": "short", "autocomplete": "off"}
        ),
    )
    placed_by = forms.ModelChoiceField(
        Organisation.objects.filter(type__in=POLICE).order_by("name"),
        label=_("Who placed?"),
        empty_label=_("Choose an organisation"),
    )
    legal_basis = forms.ChoiceField(
        label=_("On which basis?"),
        choices=[
            (basis.value, basis.label)
            for basis in (
                LegalBasis.VITAL_INTEREST,
                LegalBasis.CONSENT,
                LegalBasis.POLICE_DECREE,
                LegalBasis.NLA_DECREE,
            )
        ],
        widget=forms.RadioSelect,
    )

    @classmethod
    def of(cls, data: Any, beds: BedQuerySet) -> EmergencyForm:
        form = cls(data)
        bed = form.fields["bed"]
        bed.queryset = beds  # type: ignore[attr-defined]
        bed.label_from_instance = lambda one: (  # type: ignore[attr-defined]
            f"{one.shelter.code_name}, {one.shelter.safety_region}: {one.code}"
        )
        return form


class RevealForm(HouseForm):
    """What the address is needed for."""

    purpose = forms.ChoiceField(
        label=_("What do you need the address for?"),
        choices=RevealPurpose,
        widget=forms.RadioSelect,
    )


class OfferForm(HouseForm):
    """What the shelter says of itself."""

    sexes = forms.ChoiceField(label=_("For"), choices=Sexes, widget=forms.RadioSelect)
    min_age = forms.IntegerField(
        label=_("From age"), min_value=0, max_value=OLDEST, widget=forms.NumberInput(attrs=SHORT)
    )
    max_age = forms.IntegerField(
        label=_("To age"),
        help_text=_("Leave it empty when there is no highest age."),
        min_value=0,
        max_value=OLDEST,
        required=False,
        widget=forms.NumberInput(attrs=SHORT),
    )
    children = forms.BooleanField(label=_("Children may come along"), required=False)
    pets = forms.BooleanField(label=_("Pets may come along"), required=False)
    wheelchair = forms.BooleanField(label=_("Accessible by wheelchair"), required=False)
    security = forms.ChoiceField(
        label=_("Security"), choices=SecurityLevel, widget=forms.RadioSelect
    )
    target_groups = forms.MultipleChoiceField(
        label=_("Made for"),
        choices=TargetGroup,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    expertise = forms.MultipleChoiceField(
        label=_("Expertise"),
        choices=Expertise,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken"),
        choices=lambda: countries.spoken((get_language() or "nl")[:2]),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    @classmethod
    def of(cls, shelter: Shelter, data: Any = None) -> OfferForm:
        return cls(data, initial=model_to_dict(shelter, fields=list(cls.base_fields)))

    def offer(self) -> Offer:
        return Offer(**self.cleaned_data)


class StandingForm(HouseForm):
    """What the placement desk says of a shelter."""

    code_name = forms.CharField(
        label=_("Code name"),
        help_text=_("A name that does not say where the shelter is."),
        max_length=60,
    )
    type = forms.ChoiceField(label=_("Type"), choices=ShelterType)
    safety_region = forms.ModelChoiceField(
        SafetyRegion.objects.order_by("name"),
        label=_("Region"),
        help_text=_("All that is shown of where it is."),
        empty_label=_("Choose a region"),
    )
    active = forms.BooleanField(
        label=_("In use: people can be placed here"), required=False, initial=True
    )

    @classmethod
    def of(cls, shelter: Shelter, data: Any = None) -> StandingForm:
        return cls(data, initial=model_to_dict(shelter, fields=list(cls.base_fields)))

    def standing(self) -> Standing:
        return Standing(**self.cleaned_data)


class AddressForm(HouseForm):
    """Where a shelter is. It always comes empty: what is known is shown by a reveal alone."""

    street = forms.CharField(label=_("Street and number"), max_length=120, widget=HIDDEN_FROM_BOOK)
    postcode = forms.CharField(label=_("Postcode"), max_length=10, widget=HIDDEN_FROM_BOOK)
    town = forms.CharField(label=_("Town"), max_length=80, widget=HIDDEN_FROM_BOOK)

    def location(self) -> Location:
        names = ("street", "postcode", "town")
        return Location(**{name: self.cleaned_data[name] for name in names})


class NewShelterForm(AddressForm):
    """A shelter that joins; what it offers it says itself."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.filter(type=OrganisationType.SHELTER).order_by("name"),
        label=_("Run by"),
        empty_label=_("Choose an organisation"),
    )
    code_name = StandingForm.base_fields["code_name"]
    type = StandingForm.base_fields["type"]
    safety_region = StandingForm.base_fields["safety_region"]
    field_order = ("organisation", "code_name", "type", "safety_region")

    def shelter(self) -> Shelter:
        names = ("organisation", "code_name", "type", "safety_region")
        return Shelter(**{name: self.cleaned_data[name] for name in names})


class ContractForm(HouseForm):
    """How many places a funder pays, from which day."""

    funding = forms.ChoiceField(label=_("Paid by"), choices=Funding)
    places = forms.IntegerField(
        label=_("Places"),
        help_text=_("0 when nothing is paid any more."),
        min_value=0,
        max_value=MOST_PLACES,
        widget=forms.NumberInput(attrs=SHORT),
    )
    valid_from = DayField(label=_("From which day does this hold?"))

    def agreement(self, shelter: Shelter) -> Agreement:
        return Agreement(shelter=shelter, **self.cleaned_data)


class BedForm(HouseForm):
    """The name of a place, its kind, and the unit that it belongs to."""

    code = forms.CharField(
        label=_("Place"), max_length=12, widget=forms.TextInput(attrs={"class": "short"})
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=BedKind)
    unit = forms.CharField(
        label=_("Unit"),
        help_text=_("For example a floor or a house. The places of one family are in one unit."),
        max_length=30,
        required=False,
    )


class OutageForm(HouseForm):
    """From and until which day a bed cannot be used."""

    since = DayField(label=_("Out of order from"), required=False)
    until = DayField(label=_("In use again from"), required=False)

    def during(self) -> dict[str, datetime | None]:
        """The beginning of each day; nothing for now, and nothing for not known yet."""
        return {
            name: timezone.make_aware(datetime.combine(day, time.min)) if day else None
            for name, day in self.cleaned_data.items()
        }


class TogetherForm(forms.Form):
    """Who come together with the person of a request."""

    people = forms.MultipleChoiceField(required=False)

    def __init__(
        self, data: Any, files: Any = None, *, others: Sequence[PlacementRequest] = ()
    ) -> None:
        super().__init__(data, files)
        keys = [(str(other.pk), other.reference) for other in others]
        self.fields["people"] = forms.MultipleChoiceField(choices=keys, required=False)
        self.others = others

    def chosen(self) -> list[PlacementRequest]:
        keys = set(self.cleaned_data["people"]) if self.is_valid() else set()
        return [other for other in self.others if str(other.pk) in keys]


class PairsField(forms.Field):
    """Keys of a request and of a bed, as often as there are people."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[tuple[UUID, UUID]]:
        try:
            return [(UUID(asked), UUID(bed)) for asked, bed in (one.split() for one in value or ())]
        except ValueError as error:
            raise forms.ValidationError(_("Choose one of the answers.")) from error


class FamilyForm(HouseForm):
    """Who of a family gets which bed."""

    pairs = PairsField()


class BoardForm(forms.Form):
    """The filters of the bed board; what is not a filter is not looked at."""

    type = forms.ChoiceField(
        label=_("Type"), choices=[("", _("All types")), *ShelterType.choices], required=False
    )
    region = forms.ModelChoiceField(
        SafetyRegion.objects.order_by("name"),
        label=_("Region"),
        required=False,
        empty_label=_("All regions"),
    )
    state = forms.ChoiceField(
        label=_("Status"), choices=[("", _("Every status")), *STATES], required=False
    )

    def narrowed(self, beds: BedQuerySet) -> BedQuerySet:
        """The beds that the filters leave; an unknown value filters nothing."""
        self.full_clean()
        answers: dict[str, Any] = self.cleaned_data
        if answers.get("type"):
            beds = beds.filter(shelter__type=answers["type"])
        if answers.get("region"):
            beds = beds.filter(shelter__safety_region=answers["region"])
        if answers.get("state"):
            beds = beds.standing(answers["state"])
        return beds
