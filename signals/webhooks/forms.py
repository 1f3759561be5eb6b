from django import forms
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from signals.webhooks.models import Event


class EndpointForm(HouseForm):
    """Where a partner's system listens, and what it wants to hear of."""

    address = forms.CharField(
        label=_("Address (https)"),
        help_text=_("For example https://partner.example/baken. It must be on the internet."),
        max_length=500,
        widget=forms.TextInput(
            attrs={"inputmode": "url", "spellcheck": "false", "autocomplete": "off"}
        ),
    )
    events = forms.MultipleChoiceField(
        label=_("Tell this system when"),
        choices=Event.choices,
        widget=forms.CheckboxSelectMultiple,
    )
