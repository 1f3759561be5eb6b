"""What an analyst or a focal officer wants to see of a list."""

from collections.abc import Callable

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referral.geography.models import SafetyRegion
from referral.geography.querysets import dutch_order
from signals import workflow
from signals.models import Exploitation
from signals.querysets import ABROAD, SignalQuerySet
from signals.rules import LevelBook, feedback_late, readings_late, triage_late
from signals.workflow import Status

FILES, MINE, JUDGED, ALL = "files", "mine", "judged", "all"
OVERDUE, READING_OVERDUE, FEEDBACK_OVERDUE = "overdue", "reading_overdue", "feedback_overdue"


#: What an answer to “show” leaves, where that is more than one status.
BY_STATUS: dict[str, Callable[[SignalQuerySet], SignalQuerySet]] = {
    "": lambda found: found.awaiting_triage().by_urgency(),
    FILES: lambda found: found.awaiting_triage_from_files().by_urgency(),
    JUDGED: lambda found: found.filter(status__in=workflow.JUDGED).newest_first(),
}
OPEN_AT_THE_DESK = (Status.TRIAGE, Status.NEEDS_INFO, Status.PARKED, Status.SECOND_READING)


class QueueForm(forms.Form):
    """Filters of the triage queue; each may stay empty."""

    status = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("Waiting for triage")),
            (OVERDUE, _("Overdue")),
            (FILES, _("Waiting, from files")),
            (MINE, _("Taken up by me")),
            (Status.TRIAGE, _("In triage, of everybody")),
            (Status.NEEDS_INFO, _("Waiting for an answer")),
            (Status.PARKED, Status.PARKED.label),
            (Status.SECOND_READING, _("Waiting for a second reader")),
            (READING_OVERDUE, _("Second reading overdue")),
            (FEEDBACK_OVERDUE, _("Forwarded, feedback overdue")),
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

    def __init__(self, *args: object, book: LevelBook, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.book = book
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

    def late_in_triage(self, signals: SignalQuerySet) -> SignalQuerySet:
        return signals.overdue_in_triage(triage_late(self.book, at=timezone.now()))

    def late_in_reading(self, signals: SignalQuerySet) -> SignalQuerySet:
        return signals.overdue_in_reading(readings_late(self.book, at=timezone.now()))

    def late_in_feedback(self, signals: SignalQuerySet) -> SignalQuerySet:
        return signals.forwarded_before(feedback_late(self.book, at=timezone.now()))

    def overdue(self, signals: SignalQuerySet) -> list[tuple[str, str, SignalQuerySet]]:
        """What is late, in each term: the answer to `status`, the words, the signals."""
        return [
            (OVERDUE, str(_("not decided on in time")), self.late_in_triage(signals)),
            (
                READING_OVERDUE,
                str(_("not read a second time in time")),
                self.late_in_reading(signals),
            ),
            (
                FEEDBACK_OVERDUE,
                str(_("forwarded, without feedback in time")),
                self.late_in_feedback(signals),
            ),
        ]

    def found(self, signals: SignalQuerySet, *, user_id: int) -> SignalQuerySet:
        """What the answers leave, the most urgent first; what is judged, the newest first."""
        asked = self.asked()
        found = signals.with_form(asked["form"]).in_region(asked["region"])
        status = asked["status"]
        if status in BY_STATUS:
            return BY_STATUS[status](found)
        if status == OVERDUE:
            return self.late_in_triage(found).by_urgency()
        if status == READING_OVERDUE:
            return self.late_in_reading(found).by_urgency()
        if status == FEEDBACK_OVERDUE:
            return self.late_in_feedback(found).order_by("outcome_at", "pk")
        if status == MINE:
            return found.filter(status=Status.TRIAGE, taken_up_by=user_id).by_urgency()
        if status in Status.values:
            found = found.filter(status=status)
            return found.by_urgency() if status in OPEN_AT_THE_DESK else found.newest_first()
        return found.newest_first()
