"""What the national desk fills in to make two records one, and to decide on that."""

from typing import Any

from django.forms import CharField, ChoiceField, RadioSelect, Textarea
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from referral.persons.merging.rules import ANSWERS, Compared

KEPT, GONE = "kept", "gone"


class ProposeForm(HouseForm):
    """Which answers stay where the two differ, and why they are one person."""

    reason = CharField(
        label=_("Why are these one person?"),
        max_length=2000,
        widget=Textarea(attrs={"rows": 3}),
        help_text=_("It is kept sealed. Your colleague reads it before confirming."),
    )

    def __init__(self, *args: Any, answers: list[Compared], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in answers:
            if one.is_choice:
                self.fields[one.code] = ChoiceField(
                    label=one.label,
                    choices=[(KEPT, _("As on the left")), (GONE, _("As on the right"))],
                    initial=KEPT,
                    widget=RadioSelect,
                )

    @property
    def chosen(self) -> list[str]:
        """The answers that are taken from the one on the right."""
        return [code for code in ANSWERS if self.cleaned_data.get(code) == GONE]


class DecideForm(HouseForm):
    """What becomes of a merge now."""

    decision = ChoiceField(label=_("What do you decide?"), widget=RadioSelect)

    def __init__(self, *args: Any, decisions: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["decision"]
        assert isinstance(field, ChoiceField)  # noqa: S101 -- for the types
        field.choices = decisions
