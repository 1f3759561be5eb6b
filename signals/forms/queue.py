"""What an analyst or a focal officer wants to see of a list."""

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.geography.models import SafetyRegion
from referral.geography.querysets import dutch_order
from signals import workflow
from signals.models import Exploitation
from signals.querysets import ABROAD, SignalQuerySet
from signals.workflow import Status

FILES, MINE, JUDGED, ALL = "files", "mine", "judged", "all"


class QueueForm(forms.Form):
    """Filters of the triage queue; each may stay empty."""

    status = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("Waiting for triage")),
            (FILES, _("Waiting, from files")),
            (MINE, _("Taken up by me")),
            (Status.TRIAGE, _("In triage, of everybody")),
            (Status.NEEDS_INFO, _("Waiting for an answer")),
            (Status.PARKED, Status.PARKED.label),
            (Status.SECOND_READING, _("Waiting for a second reader")),
            (Status.MERGED, Status.MERGED.label),
            (JUDGED, _("Judged, to be closed")),
            (Status.CLOSED, Status.CLOSED.label),
            (ALL, _("Everything")),
        ],
    )
    form = forms.ChoiceField(
        label=_("Form of exploitation"),
        required=False,
        choices=[
            ("", _("All forms")),
            *[choice for choice in Exploitation.choices if choice[0] != Exploitation.UNKNOWN],
            (Exploitation.UNKNOWN, _("Unknown")),
        ],
    )
    region = forms.ChoiceField(label=_("Safety region"), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        regions = SafetyRegion.objects.order_by(dutch_order()).values_list("code", "name")
        self.fields["region"].choices = [  # type: ignore[attr-defined]
            ("", _("All regions")),
            *regions,
            (ABROAD, _("Abroad")),
        ]

    def asked(self) -> dict[str, str]:
        """The answers that could be read; an address with a wrong one shows the rest."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}

    def found(self, signals: SignalQuerySet, *, user_id: int) -> SignalQuerySet:
        """What the answers leave, the most urgent first; what is judged, the newest first."""
        asked = self.asked()
        found = signals.with_form(asked["form"]).in_region(asked["region"])
        match asked["status"]:
            case "":
                return found.awaiting_triage().by_urgency()
            case "files":
                return found.awaiting_triage_from_files().by_urgency()
            case "mine":
                return found.filter(status=Status.TRIAGE, taken_up_by=user_id).by_urgency()
            case Status.TRIAGE | Status.NEEDS_INFO | Status.PARKED | Status.SECOND_READING:
                return found.filter(status=asked["status"]).by_urgency()
            case "judged":
                return found.filter(status__in=workflow.JUDGED).newest_first()
            case Status.MERGED | Status.CLOSED:
                return found.filter(status=asked["status"]).newest_first()
        return found.newest_first()
