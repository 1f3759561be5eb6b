"""What a question is: its names, its answers, and when it is asked. The questions themselves stand
in signals.rules.catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

from signals.models import Absence, ItemKind

#: A text, or one that is translated when it is shown.
Words = str | Promise

LONGEST_ANSWER = 200
MOST_ITEMS = 20


class Shape(StrEnum):
    """What an answer looks like."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    #: A day, a month or a year.
    PERIOD = "period"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to choose: as it is kept, as a partner's system says it, and in words."""

    code: str
    said: str
    label: Words


@dataclass(frozen=True, slots=True)
class When:
    """That a question was answered with one of these."""

    question: str
    answers: frozenset[str]


def when(question: str, *answers: str) -> When:
    return When(question, frozenset(answers))


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question; in JSON it is called `said`.

    It is asked `if_` this was answered, and not where all of `unless` was.
    """

    name: str
    said: str
    label: Words
    help_text: Words = ""
    shape: Shape = Shape.TEXT
    choices: tuple[Choice, ...] = ()
    required: bool = False
    if_: When | None = None
    unless: tuple[When, ...] = ()

    def asked(self, answers: Mapping[str, str]) -> bool:
        """Whether it is asked of who answered this."""
        if self.if_ is not None and answers.get(self.if_.question) not in self.if_.answers:
            return False
        return not self.unless or not all(
            answers.get(one.question) in one.answers for one in self.unless
        )

    def in_words(self, code: str) -> str:
        """An answer as it is shown."""
        if code in Absence.values:
            return str(Absence(code).label)
        return str(next((one.label for one in self.choices if one.code == code), code))

    def as_said(self, code: str) -> str:
        """An answer as a partner's system says it."""
        return next((one.said for one in self.choices if one.code == code), code)


def branching(questions: Iterable[Question]) -> set[str]:
    """On whose answers it depends whether these are asked."""
    found = {question.if_.question for question in questions if question.if_}
    return found | {one.question for question in questions for one in question.unless}


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What can be named more than once; a list called `said` in JSON."""

    kind: ItemKind
    said: str
    title: Words
    add: Words
    questions: tuple[Question, ...]

    @property
    def branching(self) -> set[str]:
        """The questions of a row from whose answer it follows what else the row asks."""
        return branching(self.questions) & {question.name for question in self.questions}


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The form of one kind of reporter: the questions beside the eight that all have."""

    code: str
    title: Words
    questions: tuple[Question, ...]
    groups: tuple[Group, ...]

    @property
    def by_name(self) -> dict[str, Question]:
        return {question.name: question for question in self.questions}

    @property
    def branching(self) -> set[str]:
        """The questions from whose answer it follows what else is asked, also in the rows."""
        questions = (*self.questions, *(q for group in self.groups for q in group.questions))
        return branching(questions) & self.by_name.keys()

    def group(self, kind: str) -> Group:
        return next(group for group in self.groups if group.kind == kind)


@dataclass(frozen=True, slots=True)
class Edition:
    """All forms as they were on a day, by the code of their profile."""

    number: int
    profiles: Mapping[str, Profile]

    def questions(self) -> Iterator[Question]:
        """Each question of any profile once."""
        seen: set[str] = set()
        for profile in self.profiles.values():
            for question in profile.questions:
                if question.name not in seen:
                    seen.add(question.name)
                    yield question


def choices(*rows: tuple[str, str, Words]) -> tuple[Choice, ...]:
    return tuple(Choice(*row) for row in rows)
