"""Clean input around a meeting and for trends."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from referral.access.forms import DayField, HouseForm
from referral.geography.models import SafetyRegion
from referral.organisations.models import Membership, Organisation
from referral.organisations.permissions import MATRIX, Permission
from referral.organisations.roles import OrganisationType, Role
from signals.deliberation.actions import DOWN, OFF, UP, Trend
from signals.deliberation.models import Axis, Participant
from signals.deliberation.rules import name_like
from signals.deliberation.workflow import Code, Section
from signals.forms.desk import words
from signals.forms.fields import PeriodField
from signals.models import Exploitation, Signal

REFERENCE = re.compile(r"[,\s]+")
THERE, ABSENT = "there", "absent"
NOBODY = ("", _("Choose"))


def holding(permission: Permission) -> dict[str, Membership]:
    """Everybody whose role may do this now, by number; by organisation, then by name."""
    roles = [role for role in Role if permission in MATRIX[role]]
    found = Membership.objects.valid_at(timezone.now()).holding(*roles).with_names()
    rows = found.order_by("organisation__name", "user__full_name", "pk")
    return {str(member.pk): member for member in rows}


def named(members: dict[str, Membership]) -> list[tuple[str, Any]]:
    return [NOBODY, *((pk, f"{m.organisation}: {m.user}") for pk, m in members.items())]


class ProposeForm(HouseForm):
    """What the meeting is asked about a signal."""

    question = words(
        _("Your question to the meeting"),
        _("The chair reads this, and who may see it by choice of the coordinator. Name nobody."),
    )
    urgent = forms.BooleanField(
        label=_("It cannot wait for a later meeting"),
        required=False,
        help_text=_("It stands above the others that wait."),
    )


class PlanForm(HouseForm):
    """When a meeting is held, and who chairs it."""

    held_on = DayField(label=_("Date"), help_text=_("For example 31-12-2026."))
    chair = forms.ChoiceField(label=_("Chair"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chairs = holding(Permission.DELIBERATION_CHAIR)
        self.fields["chair"].choices = named(self.chairs)  # type: ignore[attr-defined]

    def clean_chair(self) -> Membership:
        return self.chairs[self.cleaned_data["chair"]]


class SectionsForm(HouseForm):
    """What a participant may see of signals of other organisations."""

    sections = forms.MultipleChoiceField(
        label=_("What they may see of signals of others"),
        help_text=_("Of signals of their own organisation they see all of this."),
        choices=Section.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class InviteForm(SectionsForm):
    """Who is invited, and what they may see."""

    member = forms.ChoiceField(label=_("Who"))
    field_order = ("member", "sections")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = holding(Permission.DELIBERATION_ATTEND)
        self.fields["member"].choices = named(self.members)  # type: ignore[attr-defined]

    def clean_member(self) -> Membership:
        return self.members[self.cleaned_data["member"]]


class MoveForm(HouseForm):
    """Where a point of the agenda goes."""

    where = forms.ChoiceField(choices=[(way, way) for way in (UP, DOWN, OFF)])


class AttendanceForm(HouseForm):
    """Who of the invited is there; one question for each."""

    def __init__(self, *args: Any, participants: tuple[Participant, ...] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        for one in participants:
            self.fields[str(one.pk)] = forms.ChoiceField(
                label=str(one),
                choices=[(THERE, gettext("Present")), (ABSENT, gettext("Absent"))],
                widget=forms.RadioSelect,
                initial="" if one.present is None else THERE if one.present else ABSENT,
            )

    def present(self) -> dict[UUID, bool]:
        return {UUID(name): said == THERE for name, said in self.cleaned_data.items()}


class DecideForm(HouseForm):
    """What the chair decides on one signal."""

    code = forms.ChoiceField(
        label=_("Decision"), choices=[NOBODY, *Code.choices], widget=forms.Select
    )
    receiver = forms.ChoiceField(
        label=_("Who receives the signal"),
        help_text=_("Only when the decision hands the signal on."),
        required=False,
    )
    motivation = words(_("Why"), _("The expert centre reads this. Name nobody."))
    due_on = DayField(
        label=_("Done before"), help_text=_("Who handles the signal is reminded on this day.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = (OrganisationType.POLICE_UNIT, OrganisationType.KMAR, OrganisationType.NLA)
        found = Organisation.objects.filter(type__in=kinds, closed_at=None).order_by("name")
        self.receivers = {str(one.pk): one for one in found}
        self.fields["receiver"].choices = [  # type: ignore[attr-defined]
            NOBODY,
            *((pk, one.name) for pk, one in self.receivers.items()),
        ]

    def clean_code(self) -> Code:
        return Code(self.cleaned_data["code"])

    def clean_receiver(self) -> Organisation | None:
        return self.receivers.get(self.cleaned_data["receiver"])


class MinutesForm(HouseForm):
    """What was said beside the decisions, or what corrects it."""

    text = words(_("Text"), _("The chair and the expert centre read this. Name no victims."))


class FinishForm(HouseForm):
    """What was done with a decision."""

    remark = words(_("What was done"), _("The chair and the expert centre read this."))


class TrendForm(HouseForm):
    """What an analyst sees coming back, without persons."""

    title = forms.CharField(label=_("Title"), max_length=120)
    period = PeriodField(label=_("Period"), help_text=_("A month (12-2026) or a year (2026)."))
    happens = forms.MultipleChoiceField(
        label=_("What happens"), choices=Exploitation.choices, widget=forms.CheckboxSelectMultiple
    )
    regions = forms.MultipleChoiceField(
        label=_("Safety regions"),
        help_text=_("None chosen: the whole country."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    text = words(
        _("What you see"),
        _(
            "Everybody who takes part in deliberations reads this. Name no persons and no addresses."
        ),
    )
    signals = forms.CharField(
        label=_("Signals in which you see it"),
        help_text=_("Reference numbers. Only the expert centre sees these."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    nobody = forms.BooleanField(
        label=_("I have checked that nobody can be recognised"), required=False
    )

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        self.fields["regions"].choices = [  # type: ignore[attr-defined]
            (region.pk, region.name) for region in SafetyRegion.objects.order_by("name")
        ]

    def clean_signals(self) -> list[Signal]:
        wanted = {one.upper() for one in REFERENCE.split(self.cleaned_data["signals"]) if one}
        found = Signal.objects.visible_to(self.member).filter(reference__in=wanted)
        signals = list(found.order_by("reference"))
        missing = sorted(wanted - {signal.reference for signal in signals})
        if missing:
            raise forms.ValidationError(
                gettext("There is no signal %s.") % ", ".join(missing)[:200]
            )
        return signals

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        texts = f"{answers.get('title', '')} \n {answers.get('text', '')}"
        if (found := name_like(texts)) and not answers.get("nobody"):
            self.add_error(
                "nobody",
                gettext("This may be somebody: %s. Take it out, or say that it is nobody.")
                % ", ".join(found)[:200],
            )
        return answers

    def trend(self) -> Trend:
        said = self.cleaned_data
        return Trend(
            title=said["title"],
            period=said["period"],
            forms=said["happens"],
            regions=said["regions"],
            text=said["text"],
            signals=said["signals"],
        )


class MonthForm(HouseForm):
    """Which month's counts are told."""

    month = forms.DateField(input_formats=["%Y-%m-%d"])

    def clean_month(self) -> date:
        month: date = self.cleaned_data["month"]
        return month.replace(day=1)


class CountsForm(forms.Form):
    """By what signals are counted, and which; in the address, so what is not known is ignored."""

    by = forms.ChoiceField(label=_("Count by"), choices=Axis.choices, required=False)
    form = forms.ChoiceField(label=_("What happens"), required=False)
    region = forms.ChoiceField(label=_("Safety region"), required=False)
    reporter = forms.ChoiceField(label=_("Who reported"), required=False)

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not member.may(Permission.SIGNAL_JUDGE):
            for name in ("form", "region", "reporter"):
                del self.fields[name]
            return
        regions = [(region.pk, region.name) for region in SafetyRegion.objects.order_by("name")]
        every = [("", gettext("All"))]
        self.fields["form"].choices = every + Exploitation.choices  # type: ignore[attr-defined]
        self.fields["region"].choices = every + regions  # type: ignore[attr-defined]
        self.fields["reporter"].choices = every + OrganisationType.choices  # type: ignore[attr-defined]

    def chosen(self, name: str) -> str:
        """What was asked for; nothing when it is not one of the choices."""
        self.is_valid()
        return str(getattr(self, "cleaned_data", {}).get(name) or "")
