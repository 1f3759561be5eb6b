"""What is said of one channel."""

from typing import Any

from django.forms import CharField, ChoiceField, RadioSelect, Textarea, TextInput
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from referral.lib import countries, numbers
from referral.persons.contact.models import Channel
from referral.persons.contact.rules import ContactEntry, ContactRefused, check_entry

SAFE, UNSAFE = "safe", "unsafe"


class ContactForm(HouseForm):
    """One channel: whether it is safe, and what whoever uses it keeps to."""

    channel = ChoiceField(label=_("Channel"), choices=Channel.choices, widget=RadioSelect)
    safe = ChoiceField(
        label=_("Is this safe for the person?"),
        choices=[(SAFE, _("Yes, safe")), (UNSAFE, _("No, never use this"))],
        widget=RadioSelect,
    )
    address = CharField(
        label=_("Number, address or name"),
        max_length=300,
        required=False,
        widget=TextInput(attrs={"autocomplete": "off"}),
        help_text=_("A number with its country, an e-mail address, a postal address, or who."),
    )
    language = ChoiceField(label=_("In which language?"), required=False)
    hours = CharField(
        label=_("When?"),
        max_length=120,
        required=False,
        help_text=_("For example: on working days between 10:00 and 12:00."),
    )
    code_word = CharField(
        label=_("Code word"),
        max_length=60,
        required=False,
        widget=TextInput(attrs={"autocomplete": "off"}),
        help_text=_("What is said first, so that the person knows who calls."),
    )
    remark = CharField(
        label=_("What else to keep to"),
        max_length=1000,
        required=False,
        widget=Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = "nl" if (get_language() or "nl").startswith("nl") else "en"
        field = self.fields["language"]
        assert isinstance(field, ChoiceField)  # noqa: S101 -- for the types
        field.choices = [("", _("Not known")), *countries.spoken(language)]

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors:
            try:
                check_entry(self.entry())
            except ContactRefused as refused:
                refused.show_in(self)
        return self.cleaned_data

    def entry(self) -> ContactEntry:
        """As the action takes it."""
        said = {**self.cleaned_data, "is_safe": self.cleaned_data["safe"] == SAFE}
        del said["safe"]
        if said["channel"] == Channel.PHONE:
            said["address"] = numbers.phone(said["address"]) or said["address"]
        return ContactEntry(**said)
