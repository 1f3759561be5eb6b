"""Clean input for the deeds of shelter. Nothing here saves anything."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time
from typing import Any

from django import forms
from django.forms import model_to_dict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm, SeenForm
from referral.cases.forms import DayField
from referral.geography.models import SafetyRegion
from referral.lib import countries
from referral.organisations.models import Organisation
from referral.organisations.roles import OrganisationType
from referral.sharing.models import LegalBasis
from shelters.lists.forms import ListedField, ListedManyField, offer_listed
from shelters.lists.models import ListName
from shelters.lists.rules import Lists
from shelters.models import (
    MOST_PLACES,
    Bed,
    BedKind,
    EndReason,
    RefusalReason,
    RevealPurpose,
    SecurityLevel,
    Sexes,
    Shelter,
)
from shelters.querysets import BedQuerySet
from shelters.rules import (
    POLICE,
    Agreement,
    Location,
    Offer,
    Standing,
    mark_of_profile,
    names_in,
)

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


class OfferForm(SeenForm):
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
    target_groups = ListedManyField(ListName.GROUP, label=_("Made for"), required=False)
    expertise = ListedManyField(ListName.EXPERTISE, label=_("Expertise"), required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken"),
        choices=lambda: countries.spoken((get_language() or "nl")[:2]),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    @classmethod
    def of(cls, shelter: Shelter, lists: Lists, data: Any = None) -> OfferForm:
        stands = model_to_dict(shelter, fields=names_in(Offer))
        form = cls(data, initial=stands | {"seen": mark_of_profile(shelter, Offer)})
        kept = [*shelter.target_groups, *shelter.expertise]
        offer_listed(form, lists, on=timezone.localdate(), kept=kept)
        return form

    def offer(self) -> Offer:
        return Offer(**self.cleaned_data)


class StandingForm(SeenForm):
    """What the placement desk says of a shelter."""

    code_name = forms.CharField(
        label=_("Code name"),
        help_text=_("A name that does not say where the shelter is."),
        max_length=60,
    )
    type = ListedField(ListName.TYPE, label=_("Type"))
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
    def of(cls, shelter: Shelter, lists: Lists, data: Any = None) -> StandingForm:
        stands = model_to_dict(shelter, fields=names_in(Standing))
        form = cls(data, initial=stands | {"seen": mark_of_profile(shelter, Standing)})
        offer_listed(form, lists, on=timezone.localdate(), kept=[shelter.type])
        return form

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

    @classmethod
    def of(cls, lists: Lists, data: Any = None) -> NewShelterForm:
        form = cls(data)
        offer_listed(form, lists, on=timezone.localdate())
        return form

    def shelter(self) -> Shelter:
        names = ("organisation", "code_name", "type", "safety_region")
        return Shelter(**{name: self.cleaned_data[name] for name in names})


class ContractForm(HouseForm):
    """How many places a funder pays, from which day."""

    funding = ListedField(ListName.FUNDER, label=_("Paid by"))
    places = forms.IntegerField(
        label=_("Places"),
        help_text=_("0 when nothing is paid any more."),
        min_value=0,
        max_value=MOST_PLACES,
        widget=forms.NumberInput(attrs=SHORT),
    )
    valid_from = DayField(label=_("From which day does this hold?"))

    @classmethod
    def of(cls, lists: Lists, data: Any, *, kept: Collection[str]) -> ContractForm:
        """Of a funder in `kept` a contract can be ended, also when its code has ended."""
        form = cls(data)
        offer_listed(form, lists, on=timezone.localdate(), kept=kept)
        return form

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


class BoardForm(forms.Form):
    """The filters of the bed board; what is not a filter is not looked at."""

    type = forms.ChoiceField(label=_("Type"), required=False)
    region = forms.ModelChoiceField(
        SafetyRegion.objects.order_by("name"),
        label=_("Region"),
        required=False,
        empty_label=_("All regions"),
    )
    state = forms.ChoiceField(
        label=_("Status"), choices=[("", _("Every status")), *STATES], required=False
    )

    @classmethod
    def of(cls, lists: Lists, data: Any) -> BoardForm:
        form = cls(data)
        kind = form.fields["type"]
        assert isinstance(kind, forms.ChoiceField)  # noqa: S101 -- for the types
        kind.choices = [("", _("All types")), *lists.words(ListName.TYPE).items()]
        return form

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
