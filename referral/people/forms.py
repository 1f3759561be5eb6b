from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from referral.organisations.models import Organisation
from referral.organisations.roles import OrganisationType
from referral.people.rules import roles_of


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


class KeyForm(AddWebAuthnForm):
    """A security key, with a label in the reader's language."""

    name = forms.CharField(label=_("Name of the key"), required=False, max_length=100)
