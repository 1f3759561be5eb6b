"""The rules of a draft as rows of selects; no JavaScript needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from referral.geography.models import Municipality, SafetyRegion
from referral.organisations.models import Membership
from referral.organisations.roles import OrganisationType
from signals.models import Channel, Exploitation, PlaceKind
from signals.routing.models import Rule
from signals.routing.rules import Wish, services
from signals.routing.workflow import NO, YES, Fact, Goal

EMPTY_ROWS = 2
ANY = ("", _("any"))
YES_OR_NO = [ANY, (YES, _("Yes")), (NO, _("No"))]
GOAL, PLACE = "goal", "place"


class MomentField(forms.DateTimeField):
    """A day and a time as people write them: Dutch or ISO."""

    widget = forms.DateTimeInput(
        format="%d-%m-%Y %H:%M", attrs={"class": "short", "autocomplete": "off"}
    )

    def __init__(self, **options: Any) -> None:
        invalid = {"invalid": _("Write a day and a time, such as 31-12-2026 18:00.")}
        formats = ["%d-%m-%Y %H:%M", "%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]
        super().__init__(input_formats=formats, error_messages=invalid, **options)


@dataclass(frozen=True, slots=True)
class Row:
    """One rule on the page: its number, what it asks, and where it sends to."""

    number: int
    asks: list[BoundField]
    goal: BoundField
    place: BoundField
    is_new: bool


class ShiftForm(HouseForm):
    """Who is on call, in which line, from when until when."""

    member = forms.ChoiceField(label=_("Colleague"))
    line = forms.TypedChoiceField(
        label=_("Line of call"),
        help_text=_("The first line is called first; the next when nobody takes the signal up."),
        choices=[(1, _("First line")), (2, _("Second line")), (3, _("Third line"))],
        coerce=int,
    )
    begin = MomentField(label=_("From"), help_text=_("For example 31-12-2026 18:00."))
    end = MomentField(label=_("Until"))

    def __init__(self, *args: Any, colleagues: Sequence[Membership] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.colleagues = {str(member.pk): member for member in colleagues}
        names = [(pk, str(member.user)) for pk, member in self.colleagues.items()]
        self.fields["member"] = forms.ChoiceField(
            label=_("Colleague"), choices=[("", _("Choose a colleague")), *names]
        )

    def clean_member(self) -> Membership:
        return self.colleagues[self.cleaned_data["member"]]


class PatienceForm(HouseForm):
    """After how many minutes the next in line is called."""

    minutes = forms.IntegerField(
        label=_("Minutes before the next in line is called"),
        min_value=1,
        max_value=60,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "short"}),
    )


class RulesForm(HouseForm):
    """Every rule of a draft but the last, which cannot be changed, and some empty rows.

    A rule is taken out by choosing nowhere to send to; its place decides the order.
    """

    def __init__(self, *args: Any, rules: Sequence[Rule] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.services = {str(service.pk): service for service in services()}
        today = Municipality.objects.valid_on(timezone.localdate())
        self.municipalities = dict(today.choices())
        self.by_name = {str(name).casefold(): code for code, name in self.municipalities.items()}
        written = [rule for rule in rules if not rule.is_default]
        self.size = len(written) + EMPTY_ROWS
        choices = self._choices()
        for number in range(1, self.size + 1):
            rule = written[number - 1] if number <= len(written) else None
            self._add_row(number, rule, choices)
        self.written = len(written)

    def _choices(self) -> dict[str, list[Any]]:
        regions = SafetyRegion.objects.order_by("name").values_list("pk", "name")
        return {
            Fact.FORM: [ANY, *Exploitation.choices],
            Fact.REPORTER_TYPE: [ANY, *OrganisationType.choices],
            Fact.PLACE_KIND: [ANY, *PlaceKind.choices],
            Fact.REGION: [ANY, *regions],
            Fact.MINORS: YES_OR_NO,
            Fact.DANGER: YES_OR_NO,
            Fact.CHANNEL: [ANY, *Channel.choices],
        }

    def _add_row(self, number: int, rule: Rule | None, choices: dict[str, list[Any]]) -> None:
        asked = rule.conditions if rule and isinstance(rule.conditions, dict) else {}
        for fact in Fact:
            code = asked.get(fact, "")
            field: forms.Field
            if fact == Fact.MUNICIPALITY:
                attributes = {"list": "municipalities", "autocomplete": "off"}
                field = forms.CharField(
                    required=False,
                    max_length=80,
                    initial=self.municipalities.get(code, code),
                    widget=forms.TextInput(attrs=attributes),
                )
            else:
                field = forms.ChoiceField(required=False, choices=choices[fact], initial=code)
            field.label = str(fact.label).capitalize()
            self.fields[f"{fact.value}-{number}"] = field
        goals = [
            ("", gettext("No rule here")),
            (Goal.VIA_EMM.value, Goal.VIA_EMM.label),
            *((pk, gettext("Direct to %s") % service) for pk, service in self.services.items()),
        ]
        goal = (str(rule.service_id) if rule.service_id else Goal.VIA_EMM.value) if rule else ""
        self.fields[f"{GOAL}-{number}"] = forms.ChoiceField(
            label=_("Goes"), required=False, choices=goals, initial=goal
        )
        self.fields[f"{PLACE}-{number}"] = forms.IntegerField(
            label=_("Place in the order"),
            min_value=1,
            max_value=99,
            initial=number,
            widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "short"}),
        )

    def rows(self) -> Iterator[Row]:
        for number in range(1, self.size + 1):
            yield Row(
                number=number,
                asks=[self[f"{fact.value}-{number}"] for fact in Fact],
                goal=self[f"{GOAL}-{number}"],
                place=self[f"{PLACE}-{number}"],
                is_new=number > self.written,
            )

    def clean(self) -> dict[str, Any]:
        super().clean()
        for number in range(1, self.size + 1):
            name = f"{Fact.MUNICIPALITY.value}-{number}"
            typed = str(self.cleaned_data.get(name) or "").strip()
            code = self.by_name.get(typed.casefold(), "")
            if typed and not code:
                self.add_error(name, gettext("Choose a municipality from the list."))
            self.cleaned_data[name] = code
            asks = any(self.cleaned_data.get(f"{fact.value}-{number}") for fact in Fact)
            goal = f"{GOAL}-{number}"
            if asks and number > self.written and not self.cleaned_data.get(goal):
                self.add_error(goal, gettext("Choose where these signals go."))
        return self.cleaned_data

    def wishes(self) -> list[Wish]:
        """The rules as they were filled in, in their new order."""
        answers = self.cleaned_data
        kept = [n for n in range(1, self.size + 1) if answers[f"{GOAL}-{n}"]]
        kept.sort(key=lambda number: answers[f"{PLACE}-{number}"])
        return [
            Wish(
                conditions={
                    fact.value: answers[f"{fact.value}-{number}"]
                    for fact in Fact
                    if answers[f"{fact.value}-{number}"]
                },
                service=self.services.get(answers[f"{GOAL}-{number}"]),
            )
            for number in kept
        ]
