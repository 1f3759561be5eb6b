"""Clean input for the deeds of residence. Nothing here saves anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.access import forms as house
from referral.access.forms import HouseForm, SeenForm
from referral.organisations.models import Membership
from referral.registrations.models import Registration
from referral.registrations.workflow import Status as RegistrationStatus
from referral.residence.models import (
    REFLECTION_TERMS,
    ContinuedGround,
    EndReason,
    Ground,
    NonPunishment,
    NoReport,
    OfferGround,
    ResidenceFile,
)
from referral.residence.workflow import Line, ReflectionStatus, ReportStatus, TrackStatus

if TYPE_CHECKING:
    from django.http import QueryDict
    from django.utils.functional import _StrPromise


class DayField(house.DayField):
    """A day, with an example."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("For example 31-12-2026."))
        super().__init__(**kwargs)


def choose(
    label: str | _StrPromise, choices: Any, help_text: str | _StrPromise = ""
) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, help_text=help_text
    )


class BeginForm(HouseForm):
    """For which registered person a file begins."""

    registration = forms.ModelChoiceField(
        Registration.objects.none(),
        label=_("Registration"),
        help_text=_("Your own registrations without a residence file."),
        empty_label=_("Choose a registration"),
    )

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        begun = ResidenceFile.objects.visible_to(member).values("person")
        found = Registration.objects.visible_to(member).exclude(status=RegistrationStatus.WITHDRAWN)
        choices = found.exclude(person__in=begun).newest_first()
        self.fields["registration"].queryset = choices  # type: ignore[attr-defined]


class DayForm(SeenForm):
    """A step that asks for its day alone."""

    on = DayField(label=_("On which day?"))

    @classmethod
    def of(cls, line: Line, to: str, answers: QueryDict | None, *, seen: str) -> DayForm:
        """The questions of this step; `seen` is the sign of the line as the page shows it."""
        usual = ReportForm if line == Line.REPORT else cls
        return FORMS.get((line, to), usual)(answers, initial={"seen": seen})


class OfferForm(DayForm):
    """The period is offered, also at the slightest indication (B8/3.1 Vc)."""

    ground = choose(_("Why may the period be offered?"), OfferGround.choices)


class BeginReflectionForm(DayForm):
    """The day of form M55, and which term of the law holds."""

    on = DayField(label=_("Day on form M55"))
    term = choose(
        _("Which term holds?"),
        [(code.value, code.label) for code in REFLECTION_TERMS],
        _("The last day follows from the term. It cannot be extended."),
    )


class EndReflectionForm(DayForm):
    """Why the period ends before its term."""

    reason = choose(_("Why does the period end?"), EndReason.choices)


class PermitForm(DayForm):
    """A permit: its ground and its period."""

    on = DayField(label=_("Day of the decision"))
    ground = choose(_("On which ground (Vb 3.48)?"), Ground.choices)
    statement_seen = forms.BooleanField(
        label=_("For ground d: a statement of the police, and evidence or minority, were seen"),
        required=False,
    )
    permit_from = DayField(label=_("The permit holds from"))
    permit_to = DayField(
        label=_("The permit holds until"),
        required=False,
        help_text=_("Leave it empty for the usual term of a permit."),
    )


class ContinuedForm(DayForm):
    """Continued stay, and on what it is given."""

    on = DayField(label=_("Day of the decision"))
    continued_ground = choose(_("On which ground (Vb 3.51)?"), ContinuedGround.choices)


class ReportForm(DayForm):
    """A step of a police report; what only the service reads stands apart."""

    informed_on = DayField(label=_("On which day was the person told?"), required=False)
    non_punishment = forms.ChoiceField(
        label=_("Non-punishment principle"),
        choices=NonPunishment.choices,
        required=False,
        help_text=_("Offences that somebody was forced to commit. Only your service reads this."),
    )


class NoReportForm(ReportForm):
    """Why the person does not report; only the service reads it, others count it."""

    no_report = choose(
        _("Why does the person not report?"),
        NoReport.choices,
        _("Only your service reads this."),
    )
    field_order = ("on", "no_report", "informed_on", "non_punishment")


_R, _T, _A = ReflectionStatus, TrackStatus, ReportStatus
#: The questions of each step; a step that stands not here asks for its day.
FORMS: dict[tuple[Line, str], type[DayForm]] = {
    (Line.REFLECTION, _R.OFFERED): OfferForm,
    (Line.REFLECTION, _R.RUNNING): BeginReflectionForm,
    (Line.REFLECTION, _R.ENDED): EndReflectionForm,
    (Line.TRACK, _T.GRANTED): PermitForm,
    (Line.TRACK, _T.CONTINUED_GRANTED): ContinuedForm,
    (Line.REPORT, _A.NOT_REPORTED): NoReportForm,
}
