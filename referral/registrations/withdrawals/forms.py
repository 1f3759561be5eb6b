"""What a reporter asks, and what the desk decides on it."""

from typing import Any

from django.forms import CharField, ChoiceField, RadioSelect, Textarea, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referral.access.forms import HouseForm
from referral.registrations.models import WithdrawalReason
from referral.registrations.withdrawals.workflow import Status


class AskForm(HouseForm):
    """Why a registration should be withdrawn."""

    ground = ChoiceField(
        label=gettext_lazy("Why should it be withdrawn?"),
        choices=WithdrawalReason.choices,
        widget=RadioSelect,
    )
    reason = CharField(
        label=gettext_lazy("What happened?"),
        max_length=2000,
        widget=Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It is kept sealed. The national desk and you read it."),
    )


class DecideForm(HouseForm):
    """What becomes of a request that waits."""

    decision = ChoiceField(label=gettext_lazy("What do you decide?"), widget=RadioSelect)
    answer = CharField(
        label=gettext_lazy("Why not?"),
        max_length=2000,
        required=False,
        widget=Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Only when you do not withdraw it. The reporter reads this."),
    )

    def __init__(self, *args: Any, decisions: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["decision"]
        assert isinstance(field, ChoiceField)  # noqa: S101 -- for the types
        field.choices = decisions
        if Status.DECLINED not in dict(decisions):
            del self.fields["answer"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        declined = self.cleaned_data.get("decision") == Status.DECLINED
        if declined and not self.cleaned_data.get("answer"):
            self.add_error("answer", ValidationError(_("Say why you do not withdraw it.")))
        return self.cleaned_data
