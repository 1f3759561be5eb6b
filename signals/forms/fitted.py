"""The questions of one kind of reporter as fields, with rows that are added one by one.

`signals.rules.questions` says what is asked. Every step works without JavaScript: a button sends
what was typed, and the form comes again with one row more or less.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from referral.access.forms import HouseForm
from referral.lib import countries
from signals.forms.fields import PeriodField, write_period
from signals.forms.steps import (
    ADD,
    AGAIN,
    LAST_ROW,
    REMOVE,
    REST,
    STEP,
    Step,
    rows_name,
    rows_of,
    step_of,
)
from signals.models import Absence, ItemKind
from signals.rules import ItemEntry, Said, edition_now, field_name, not_asked
from signals.rules.naming import NATIONALITIES
from signals.rules.questions import LONGEST_ANSWER, MOST_ITEMS, Group, Profile, Question, Shape

#: With JavaScript a step brings only what comes and takes away what goes: nothing else on the page
#: is touched, so that nobody loses what they type meanwhile. Steps wait for one another.
TAKE_STEP = {"hx-post": "", "hx-swap": "none", "hx-sync": "#signal-form:queue all"}
ASK_AGAIN = {**TAKE_STEP, "hx-trigger": "change", "hx-vals": f'{{"{STEP}": "{AGAIN}"}}'}


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of one question on the page, empty while it is not asked."""

    pk: str
    field: forms.BoundField | None


@dataclass(frozen=True, slots=True)
class Row:
    """The questions of one person, address or the like, as they stand on the page."""

    pk: str
    legend: str
    slots: list[Slot]
    remove: str


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows of one group, and the button for one more."""

    group: Group
    count: forms.BoundField
    rows: list[Row]
    add: str
    is_full: bool

    @property
    def is_open(self) -> bool:
        return bool(self.rows)


class AnswerField(forms.BoundField):
    """A question on the page, that knows of whom or what it is asked."""

    form: FittedForm

    @property
    def row(self) -> str:
        """The title of its row; empty for a question that is asked once."""
        return self.form.titles.get(self.name.rpartition("-")[0], "")


class FittedForm(HouseForm):
    """Asks the questions of a profile, and a row of questions for each thing that is named."""

    bound_field_class = AnswerField
    profile: Profile
    #: What was sent and is not asked with these answers: the reporter sees it, and it goes.
    dropped: dict[str, str]
    #: What each row is called on the page: by its place, whatever its number.
    titles: dict[str, str]
    #: The button that was pressed to change the form, if one was.
    step: Step | None

    def __init__(
        self, data: Mapping[str, Any] | None = None, *args: Any, profile: Profile, **kwargs: Any
    ) -> None:
        self.profile, self.dropped, self.titles = profile, {}, {}
        self.step = step_of(data or {})
        if data is not None and self.step:
            data, typed_before = None, typed(self.step.taken(data))
            kwargs["initial"] = {**kwargs.get("initial", {}), **typed_before}
        super().__init__(data, *args, **kwargs)
        values = self.data if self.is_bound else self.initial
        self.fields[REST] = rest_field()
        self._ask(profile, answers_of(values, profile), values)
        for group in profile.groups:
            self._ask_rows(group, values)
        if self.step and self.step.deed == ADD:
            first = profile.group(self.step.kind).questions[0].name
            name = field_name(self.step.kind, self.step.number, first)
            if name in self.fields:
                self.fields[name].widget.attrs["autofocus"] = True

    def _ask_rows(self, group: Group, values: Mapping[str, Any]) -> None:
        self.fields[rows_name(group.kind)] = forms.IntegerField(
            required=False,
            min_value=0,
            max_value=LAST_ROW,
            widget=forms.HiddenInput(attrs={"autocomplete": "off"}),
        )
        above = answers_of(values, self.profile)
        for place, number in enumerate(rows_of(values, group), start=1):
            self.titles[f"{group.kind}-{number}"] = f"{ItemKind(group.kind).label} {place}"
            of_row = {
                question.name: str(values.get(name) or "")
                for question in group.questions
                if (name := field_name(group.kind, number, question.name))
            }
            self._ask(group, {**above, **of_row}, values, group.kind, number)
            self.fields[field_name(group.kind, number, REST)] = rest_field()

    def _ask(
        self,
        asking: Profile | Group,
        answers: Mapping[str, str],
        values: Mapping[str, Any],
        kind: str = "",
        number: int = 0,
    ) -> None:
        """Ask what follows from the answers; of the rest, remember what was sent."""
        for question in asking.questions:
            name = field_name(kind, number, question.name) if kind else question.name
            if question.asked(answers):
                field = field_of(question, required=question.required and not kind)
                # A row may stay empty; one in which something stands needs this answer.
                field.widget.is_required = question.required
                if question.name in asking.branching:
                    field.widget.attrs.update(ASK_AGAIN)
                self.fields[name] = field
            elif sent := str(values.get(name) or "").strip():
                self.dropped[name] = not_asked(question, sent)

    def unasked(self) -> set[str]:
        """Empty boxes that were on the page before another answer are no answers."""
        return {
            name
            for name in super().unasked()
            if self.data[name] or not self._is_of_a_question(name)
        }

    def clean(self) -> dict[str, Any]:
        for sentence in self.dropped.values():
            self.add_error(None, sentence)
        unknown = self.unasked() - self.dropped.keys()
        if unknown:
            names = ", ".join(sorted(unknown))
            raise forms.ValidationError(_("This form does not ask for: %s.") % names)
        return self.cleaned_data

    def _is_of_a_question(self, name: str) -> bool:
        """Whether a browser still sends an empty box that was on the page before this answer."""
        return name.rpartition("-")[2] in {
            question.name
            for questions in (self.profile.questions, *(g.questions for g in self.profile.groups))
            for question in questions
        }

    def said(self) -> Said:
        """What was answered beside the eight questions, as the rules want it."""
        answers, absent = self._answered(self.profile.questions, REST)
        return Said(
            edition=edition_now().number,
            profile=self.profile.code,
            answers=answers,
            absent=absent,
            items=tuple(entry for _place, entry in self.entries()),
        )

    def entries(self) -> Iterator[tuple[int, ItemEntry]]:
        """The rows in which something was answered, each with its number on the page."""
        for group in self.profile.groups:
            for number in rows_of(self.data, group):
                rest = field_name(group.kind, number, REST)
                answers, absent = self._answered(group.questions, rest, group.kind, number)
                if answers:
                    yield number, ItemEntry(kind=group.kind, answers=answers, absent=absent)

    def _answered(
        self, questions: tuple[Question, ...], rest: str, kind: str = "", number: int = 0
    ) -> tuple[dict[str, str], dict[str, str]]:
        answers, absent = {}, {}
        why_not = self.cleaned_data.get(rest) or Absence.NOT_ASKED
        for question in questions:
            name = field_name(kind, number, question.name) if kind else question.name
            value = as_text(self.cleaned_data.get(name))
            if name not in self.fields:
                absent[question.name] = Absence.NOT_APPLICABLE.value
            elif value in Absence.values and question.shape == Shape.CHOICE:
                absent[question.name] = value
            elif value:
                answers[question.name] = value
            else:
                absent[question.name] = str(why_not)
        return answers, absent

    def place_of(self, error: str) -> str:
        """Where an error of the rules stands: rows that were left empty do not count there."""
        kind, _dash, rest = error.partition("-")
        number, _dash, question = rest.partition("-")
        if not question or kind not in ItemKind.values:
            return error
        of_kind = [place for place, entry in self.entries() if entry.kind == kind]
        place = int(number)
        # A row in which one answer was wrong and the others empty is counted by the rules alone.
        return field_name(kind, of_kind[place - 1] if place <= len(of_kind) else place, question)

    def own_slots(self) -> list[Slot]:
        """The questions of the profile, and the places of those that are not asked now."""
        return self._slots(self.profile.questions)

    def _slots(
        self, questions: tuple[Question, ...], kind: str = "", number: int = 0
    ) -> list[Slot]:
        names = [field_name(kind, number, q.name) if kind else q.name for q in questions]
        return [
            Slot(f"asked-{name}", self[name] if name in self.fields else None) for name in names
        ]

    def groups(self) -> list[Rows]:
        return [self.rows(group) for group in self.profile.groups]

    def rows(self, group: Group) -> Rows:
        """The rows of this group as they stand on the page."""
        numbers = rows_of(self.data if self.is_bound else self.initial, group)
        rows = [self._row(group, number) for number in numbers]
        count, add = self[rows_name(group.kind)], f"{ADD}-{group.kind}"
        return Rows(group, count, rows, add, len(rows) >= MOST_ITEMS)

    def _row(self, group: Group, number: int) -> Row:
        pk = f"{group.kind}-{number}"
        slots = self._slots(group.questions, group.kind, number)
        slots.append(Slot(f"asked-{pk}-{REST}", self[field_name(group.kind, number, REST)]))
        return Row(pk, self.titles[pk], slots, f"{REMOVE}-{pk}")

    def moved_slots(self) -> list[Slot]:
        """What the page that took a step shows and is not asked now, or the other way round; of
        the rows that were there before.
        """
        slots, new = self.own_slots(), self.step.row if self.step else ""
        for rows in self.groups():
            slots += [slot for row in rows.rows if row.pk != new for slot in row.slots]
        return [
            slot
            for slot in slots
            if (slot.field is None) == (slot.pk.removeprefix("asked-") in self.initial)
        ]

    def stepped_rows(self) -> Rows | None:
        """The group in which a row came or went with this step."""
        if self.step is None or not self.step.kind:
            return None
        return self.rows(self.profile.group(self.step.kind))


def as_text(value: Any) -> str:
    """An answer as it is kept: "yesterday" as the day that it was."""
    return write_period(value) if isinstance(value, DateRange) else str(value or "").strip()


def answers_of(values: Mapping[str, Any], profile: Profile) -> dict[str, str]:
    return {q.name: str(values.get(q.name) or "") for q in profile.questions}


def rest_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("Why did something stay empty?"),
        required=False,
        choices=[("", Absence.NOT_ASKED.label)]
        + [pair for pair in Absence.choices if pair[0] != Absence.NOT_ASKED],
    )


def field_of(question: Question, *, required: bool) -> forms.Field:
    """The field of one question; a choice may also be why there is no answer."""
    told: dict[str, Any] = {
        "label": question.label,
        "help_text": question.help_text,
        "required": required,
        "error_messages": {"required": gettext_lazy("Answer this question.")},
    }
    if question.shape == Shape.CHOICE:
        known = [(one.code, one.label) for one in question.choices]
        if question.choices == NATIONALITIES:
            known = [(code, name) for code, name in countries.choices(get_language()[:2])]
        return forms.ChoiceField(
            choices=[("", gettext_lazy("Choose")), *known, *Absence.choices], **told
        )
    attributes = {"autocomplete": "off"}
    if question.shape != Shape.TEXT:
        attributes["class"] = "short"
    if question.shape == Shape.PERIOD:
        return PeriodField(widget=forms.TextInput(attrs=attributes), **told)
    if question.shape == Shape.NUMBER:
        attributes["inputmode"] = "numeric"
    return forms.CharField(
        max_length=LONGEST_ANSWER, widget=forms.TextInput(attrs=attributes), **told
    )


def typed(data: Mapping[str, Any]) -> dict[str, Any]:
    """What a page sent, to show it again without judging it yet."""
    lists = getattr(data, "getlist", None)
    values = {name: lists(name) if lists else data[name] for name in data}
    return {
        name: value[0] if isinstance(value, list) and len(value) == 1 else value
        for name, value in values.items()
    }
