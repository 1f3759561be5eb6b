"""The questions of one kind of reporter as fields, with rows that are added one by one.

`signals.rules.questions` says what is asked. Every step works without JavaScript: a button sends
what was typed, and the form comes again with one row more or less.
"""

from __future__ import annotations

import re
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
from signals.models import Absence, ItemKind
from signals.rules import ItemEntry, Said, edition_now, field_name, not_asked
from signals.rules.naming import NATIONALITIES
from signals.rules.questions import LONGEST_ANSWER, MOST_ITEMS, Group, Profile, Question, Shape

STEP = "step"
ADD, REMOVE = "add", "remove"
REST = "rest"
STEPS = re.compile(rf"({ADD}|{REMOVE})-({'|'.join(ItemKind.values)})(?:-(\d{{1,2}}))?")


#: With JavaScript the form comes again by itself when other questions follow from an answer.
AGAIN = {
    "hx-post": "",
    "hx-trigger": "change",
    "hx-vals": f'{{"{STEP}": "again"}}',
    "hx-target": "#signal-form",
    "hx-select": "#signal-form",
    "hx-swap": "outerHTML",
}


@dataclass(frozen=True, slots=True)
class Row:
    """The questions of one person, address or the like, as they stand on the page."""

    number: int
    legend: str
    fields: list[forms.BoundField]
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


class FittedForm(HouseForm):
    """Asks the questions of a profile, and a row of questions for each thing that is named."""

    profile: Profile
    #: What was sent and is not asked with these answers: the reporter sees it, and it goes.
    dropped: dict[str, str]
    #: Whether a button was pressed that only changes the form.
    stepped: bool

    def __init__(
        self, data: Mapping[str, Any] | None = None, *args: Any, profile: Profile, **kwargs: Any
    ) -> None:
        self.profile, self.dropped, self.stepped = profile, {}, False
        given, added = data, ""
        if data is not None:
            data, added = stepped(data, profile)
            self.stepped = data is not given
            if self.stepped:
                kwargs["initial"], data = {**kwargs.get("initial", {}), **typed(data)}, None
        super().__init__(data, *args, **kwargs)
        values = self.data if self.is_bound else self.initial
        self.fields[REST] = rest_field()
        self._ask(profile.questions, answers_of(values, profile), values)
        for group in profile.groups:
            self._ask_rows(group, values)
        if added in self.fields:
            self.fields[added].widget.attrs["autofocus"] = True

    def _ask_rows(self, group: Group, values: Mapping[str, Any]) -> None:
        self.fields[rows_name(group.kind)] = forms.IntegerField(
            required=False,
            min_value=0,
            max_value=MOST_ITEMS,
            widget=forms.HiddenInput(attrs={"autocomplete": "off"}),
        )
        above = answers_of(values, self.profile)
        for number in range(1, how_many(values, group.kind) + 1):
            of_row = {
                question.name: str(values.get(name) or "")
                for question in group.questions
                if (name := field_name(group.kind, number, question.name))
            }
            self._ask(group.questions, {**above, **of_row}, values, group.kind, number)
            self.fields[field_name(group.kind, number, REST)] = rest_field()

    def _ask(
        self,
        questions: tuple[Question, ...],
        answers: Mapping[str, str],
        values: Mapping[str, Any],
        kind: str = "",
        number: int = 0,
    ) -> None:
        """Ask what follows from the answers; of the rest, remember what was sent."""
        for question in questions:
            name = field_name(kind, number, question.name) if kind else question.name
            if question.asked(answers):
                field = field_of(question, required=question.required and not kind)
                # A row is not asked anew while somebody fills it in; the server still looks.
                if question.name in self.profile.branching and not kind:
                    field.widget.attrs.update(AGAIN)
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
            for number in range(1, how_many(self.data, group.kind) + 1):
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
        return field_name(kind, of_kind[int(number) - 1], question)

    def own_questions(self) -> list[forms.BoundField]:
        """The questions of the profile that are asked now."""
        return [self[q.name] for q in self.profile.questions if q.name in self.fields]

    def groups(self) -> Iterator[Rows]:
        for group in self.profile.groups:
            values = self.data if self.is_bound else self.initial
            count = how_many(values, group.kind)
            rows = [self._row(group, number) for number in range(1, count + 1)]
            yield Rows(
                group,
                self[rows_name(group.kind)],
                rows,
                f"{ADD}-{group.kind}",
                count >= MOST_ITEMS,
            )

    def _row(self, group: Group, number: int) -> Row:
        names = [field_name(group.kind, number, question.name) for question in group.questions]
        shown = [*(name for name in names if name in self.fields)]
        shown.append(field_name(group.kind, number, REST))
        return Row(
            number,
            f"{ItemKind(group.kind).label} {number}",
            [self[name] for name in shown],
            f"{REMOVE}-{group.kind}-{number}",
        )


def as_text(value: Any) -> str:
    """An answer as it is kept: "yesterday" as the day that it was."""
    return write_period(value) if isinstance(value, DateRange) else str(value or "").strip()


def rows_name(kind: str) -> str:
    """The hidden number of rows."""
    return f"{kind}-rows"


def how_many(values: Mapping[str, Any], kind: str) -> int:
    said = str(values.get(rows_name(kind)) or "0")
    return min(int(said), MOST_ITEMS) if said.isascii() and said.isdigit() and len(said) < 4 else 0


def answers_of(values: Mapping[str, Any], profile: Profile) -> dict[str, str]:
    return {q.name: str(values.get(q.name) or "") for q in profile.questions}


def rest_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("What you left empty"),
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


def stepped(data: Mapping[str, Any], profile: Profile) -> tuple[Mapping[str, Any], str]:
    """The data with one row more or less when its button was pressed, and the first question of
    the row that came.
    """
    step = str(data.get(STEP) or "")
    if not step:
        return data, ""
    changed: Any = data.copy()  # type: ignore[attr-defined]
    del changed[STEP]
    found = STEPS.fullmatch(step)
    if found is None:
        return changed, ""
    deed, kind, number = found.groups()
    count = how_many(data, kind)
    if deed == ADD:
        changed[rows_name(kind)] = str(min(count + 1, MOST_ITEMS))
        return changed, field_name(kind, count + 1, profile.group(kind).questions[0].name)
    if number and 0 < int(number) <= count:
        move_up(changed, profile.group(kind), int(number), count)
    return changed, ""


def move_up(data: Any, group: Group, number: int, count: int) -> None:
    """Take one row away; what stands under it moves up."""
    names = [*(question.name for question in group.questions), REST]
    for row in range(number, count + 1):
        for name in names:
            after = data.get(field_name(group.kind, row + 1, name), "") if row < count else ""
            data[field_name(group.kind, row, name)] = after
    for name in names:
        data.pop(field_name(group.kind, count, name), None)
    data[rows_name(group.kind)] = str(count - 1)
