"""The answers to a reporter's own questions and the rows that a signal names, in words.

Each is shown in the words of the edition in which it was asked, with why an answer is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language

from referral.lib import countries
from signals.actions import OpenedItem
from signals.models import Absence, ItemKind
from signals.rules import ItemEntry, Said, edition_now
from signals.rules.catalogue import PROFILE_OF
from signals.rules.naming import NATIONALITIES
from signals.rules.questions import Profile, Question

Facts = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ItemLines:
    """One person, address or the like: what it is called here, and question and answer."""

    title: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class ItemGroup:
    """All of one kind."""

    title: str
    items: list[ItemLines]


def said_facts(said: Said) -> Facts:
    """Question and answer; nothing for a signal that was not asked any."""
    profile = said.questions
    return facts_of(profile.questions, said.answers, said.absent) if profile else []


def shown_answers(said: Said) -> Facts:
    """The same, to be read at a glance."""
    profile = said.questions
    return shown_facts(profile.questions, said.answers, said.absent) if profile else []


def facts_of(questions: Iterable[Question], answers: object, absent: object) -> Facts:
    """Each question that has an answer, or a reason for having none."""
    given = answers if isinstance(answers, dict) else {}
    why = absent if isinstance(absent, dict) else {}
    return [
        (str(question.label), in_words(question, given.get(question.name) or why[question.name]))
        for question in questions
        if question.name in given or question.name in why
    ]


def shown_facts(questions: Iterable[Question], answers: object, absent: object) -> Facts:
    """What was answered, question by question; of the rest, what shares a reason, in one line."""
    given = answers if isinstance(answers, dict) else {}
    why = absent if isinstance(absent, dict) else {}
    facts = [(str(q.label), in_words(q, given[q.name])) for q in questions if q.name in given]
    for reason in Absence:
        without = [str(q.label).rstrip("?") for q in questions if why.get(q.name) == reason]
        if without:
            facts.append((str(reason.label), " · ".join(without)))
    return facts


def in_words(question: Question, answer: str) -> str:
    if question.choices == NATIONALITIES and answer in countries.CODES:
        return countries.names((get_language() or "en")[:2])[answer]
    return question.in_words(answer)


def item_groups(items: Sequence[OpenedItem], said: Said) -> list[ItemGroup]:
    """What is current, by kind; what an amendment took away stands in the history."""
    return groups_of([opened for opened in items if opened.item.left_in is None], said)


def groups_of(items: Sequence[OpenedItem], said: Said) -> list[ItemGroup]:
    """These rows by kind, in the words in which they were asked."""
    profile = said.questions or some_profile()
    groups = []
    for group in profile.groups:
        lines = [
            item_lines(opened.entry, profile, number)
            for number, opened in enumerate(
                (opened for opened in items if opened.item.kind == group.kind), start=1
            )
        ]
        if lines:
            groups.append(ItemGroup(str(group.title), lines))
    return groups


def item_lines(entry: ItemEntry, profile: Profile, number: int) -> ItemLines:
    questions = profile.group(entry.kind).questions
    title = f"{ItemKind(entry.kind).label} {number}"
    return ItemLines(title, shown_facts(questions, dict(entry.answers), dict(entry.absent)))


def some_profile() -> Profile:
    """The words of today, for what names something and was asked nothing else."""
    return edition_now().profiles[next(iter(PROFILE_OF.values()))]
