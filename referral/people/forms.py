from datetime import datetime, time
from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from referral.organisations.models import Organisation
from referral.organisations.roles import ROLE_FACTS, OrganisationType
from referral.people.querysets import partners
from referral.people.rules import CLIENT_ROLES, roles_of


class MemberForm(HouseForm):
    """A colleague to be: name, work address, role."""

    full_name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("Work e-mail address"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = forms.ChoiceField(
            label=_("Role"),
            choices=[(role.value, role.label) for role in roles_of(organisation)],
            widget=forms.RadioSelect,
        )


class OrganisationForm(HouseForm):
    """A new partner of the chain."""

    name = forms.CharField(label=_("Name"), max_length=120)
    type = forms.ChoiceField(
        label=_("Type"),
        choices=[
            (kind.value, kind.label)
            for kind in OrganisationType
            if kind not in (OrganisationType.PLATFORM, OrganisationType.MUNICIPALITY)
        ],
    )

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if Organisation.objects.filter(name__iexact=name).exists():
            raise forms.ValidationError(_("An organisation with this name is there already."))
        return name


class SecurityKeyForm(AddWebAuthnForm):
    """A security key, with a label in the reader's language."""

    name = forms.CharField(label=_("Name of the key"), required=False, max_length=100)


class KeyForm(HouseForm):
    """The public half of a key, and until when it holds."""

    jwk = forms.CharField(
        label=_("Public key (JWK)"),
        help_text=_(
            "One key as JSON: EC with P-256, or RSA from 2048 bits. Never the private half."
        ),
        max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
    )
    until = forms.DateField(
        label=_("This key holds until"),
        help_text=_("At most two years from now, for example 31-12-2027."),
        input_formats=["%d-%m-%Y", "%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"autocomplete": "off", "class": "short"}),
    )

    def key_until(self) -> datetime:
        """The beginning of the day that was given."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["until"], time()))


class ClientForm(KeyForm):
    """A system of a partner: whose, in which role, and its first key."""

    field_order = ["name", "organisation", "role", "jwk", "until"]

    name = forms.CharField(
        label=_("Name of the system"),
        help_text=_("The organisation sees it among its members."),
        max_length=60,
    )
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none()
    )
    role = forms.ChoiceField(
        label=_("Role"), choices=[(role.value, role.label) for role in CLIENT_ROLES]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held_in = {kind for role in CLIENT_ROLES for kind in ROLE_FACTS[role].held_in}
        self.fields["organisation"] = forms.ModelChoiceField(
            label=_("Organisation"),
            queryset=partners().filter(type__in=held_in),
            empty_label=_("Choose"),
        )
        self.order_fields(self.field_order)
