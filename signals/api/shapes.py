"""A signal as a partner's system writes and reads it: one table onto the questions of the form.

What may be answered is decided by `SignalForm` and `signals.rules`, the same as on the page;
here only the names, the words and the shape of JSON are translated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.geography.models import Municipality
from referral.lib.problems import Mistake, Problem
from referral.organisations.models import Membership
from signals.actions.reading import OpenedQuestion, OpenedReport
from signals.api import words
from signals.forms import SignalForm
from signals.forms.signal import ALL_THE_SAME, ASKED_AS, NO, YES
from signals.forms.steps import REST, rows_name
from signals.models import Channel, Signal
from signals.rules import LONGEST_FACTS, MOST_VICTIMS, Draft, field_name, profile_for
from signals.rules.items import iso_of
from signals.rules.naming import ABSENCES, GROUPS
from signals.rules.questions import LONGEST_ANSWER, MOST_ITEMS, Group, Profile, Shape
from signals.rules.questions import Question as Own
from signals.workflow import QuestionStatus

TOWN = re.compile(r"GM\d{4}")
PERIOD = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
Schema = dict[str, Any]


class Unfit(ValueError):
    """A value of another kind than the question asks; the message is for the sender."""


@dataclass(frozen=True, slots=True)
class Question:
    """One name in JSON, the question of the form behind it, and how a value gets there."""

    name: str
    asks: str
    read: Callable[[Any], Any]
    schema: Schema
    required: bool = True


def _truth(value: Any) -> str:
    if not isinstance(value, bool):
        raise Unfit(_("Answer true or false."))
    return YES if value else NO


def _agreed(value: Any) -> bool:
    return _truth(value) == YES


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Unfit(_("Give a text."))
    return value


def _period(value: Any) -> str:
    if not isinstance(value, str) or not PERIOD.fullmatch(value):
        raise Unfit(_("Give a day (2026-12-31), a month (2026-12) or a year (2026)."))
    return value


def _number(value: Any) -> int | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise Unfit(_("Give a whole number, or null."))
    return value


def _word(known: Mapping[str, str]) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in known:
            raise Unfit(_("Choose from: %s.") % ", ".join(known))
        return known[value]

    return read


def _words(known: Mapping[str, str]) -> Callable[[Any], list[str]]:
    def read(value: Any) -> list[str]:
        if not isinstance(value, list):
            raise Unfit(_("Give a list."))
        return [_word(known)(one) for one in value]

    return read


def _one_of(known: Mapping[str, str]) -> Schema:
    return {"type": "string", "enum": list(known)}


def _some_of(known: Mapping[str, str]) -> Schema:
    return {"type": "array", "minItems": 1, "items": _one_of(known)}


QUESTIONS = (
    Question("acuutGevaar", "danger", _truth, {"type": "boolean"}),
    Question("vormen", "forms", _words(words.FORMS), _some_of(words.FORMS)),
    Question(
        "feiten", "facts", _text, {"type": "string", "minLength": 1, "maxLength": LONGEST_FACTS}
    ),
    Question("gemeente", "municipality", _text, {"type": "string", "pattern": f"^{TOWN.pattern}$"}),
    Question("soortPlek", "place_kind", _word(words.PLACE_KINDS), _one_of(words.PLACE_KINDS)),
    Question(
        "waargenomen", "observed", _period, {"type": "string", "pattern": f"^{PERIOD.pattern}$"}
    ),
    Question(
        "aantalSlachtoffers",
        "n_victims",
        _number,
        {"type": ["integer", "null"], "minimum": 1, "maximum": MOST_VICTIMS},
        required=False,
    ),
    Question("personen", "people", _words(words.PEOPLE), _some_of(words.PEOPLE)),
)
EMPTY_BECAUSE, ALSO_WITH_NAMES = "leeg_omdat", "ook_met_namen"
#: In what is told, which answers are not there, and why.
ABSENT = "ontbreekt"
#: Beside them: why the rest has no answer, and that a story without consent may name somebody.
MORE = (
    Question(EMPTY_BECAUSE, REST, _word(ABSENCES), _one_of(ABSENCES), required=False),
    Question(ALSO_WITH_NAMES, ALL_THE_SAME, _agreed, {"type": "boolean"}, required=False),
)
BY_NAME = {question.name: question for question in (*QUESTIONS, *MORE)}
NAME_OF = {question.asks: question.name for question in (*QUESTIONS, *MORE)}
#: Where something stands in what was sent: a name, or a list, the number in it and a name.
Place = tuple[str | int, ...]


def read_signal(
    sent: Any, *, member: Membership, municipalities: list[tuple[str, str]], at: str = ""
) -> Draft | list[Mistake]:
    """What was sent as a draft, or everything that is wrong with it, by place."""
    if not isinstance(sent, dict):
        return [Mistake(at, _("Give an object with the names of a signal."))]
    reader = Reader(profile_for(member.organisation.type))
    for name, value in sent.items():
        reader.read((name,), value)
    form = SignalForm(reader.answers, member=member, municipalities=municipalities)
    mistakes = dict(reader.mistakes)
    for asked, why in form.dropped.items():
        mistakes.setdefault(reader.place(asked), why)
    for asked, sentences in form.errors.items():
        if asked != NON_FIELD_ERRORS:
            place = reader.place(ASKED_AS.get(asked, asked))
            mistakes.setdefault(place, " ".join(map(str, sentences)))
    if not mistakes and form.named:
        mistakes[(NAME_OF["facts"],)] = _(
            "You report without consent, and this looks like a name: %(names)s. Leave it out, or"
            " send %(confirm)s with it."
        ) % {"names": ", ".join(form.named), "confirm": f"“{ALSO_WITH_NAMES}”: true"}
    if mistakes:
        return [Mistake(f"{at}/{_pointer(place)}", why) for place, why in mistakes.items()]
    return replace(form.draft(), channel=Channel.PARTNER_SYSTEM)


def towns_named(*sent: Any) -> list[tuple[str, str]]:
    """The municipalities of today that are named, asked once however many signals there are."""
    said = [str(one.get("gemeente")) for one in sent if isinstance(one, dict)]
    named = set(filter(TOWN.fullmatch, said))
    towns = Municipality.objects.valid_on(timezone.localdate()).filter(pk__in=named)
    return list(towns.values_list("cbs_code", "name"))


class Reader:
    """Gathers what was sent as answers to the form, and remembers where each came from."""

    def __init__(self, profile: Profile) -> None:
        self.answers: dict[str, Any] = {}
        self.mistakes: dict[Place, str] = {}
        self._places: dict[str, Place] = {one.name: (one.said,) for one in profile.questions}
        self._lists = {group.said: group for group in profile.groups}
        self._own = {question.said: question for question in profile.questions}

    def place(self, asked: str) -> Place:
        return self._places.get(asked, (NAME_OF.get(asked, asked),))

    def read(self, place: Place, value: Any) -> None:
        [name] = place
        if name in self._lists:
            self._read_rows(self._lists[name], value)
        elif name in self._own:
            self._keep(self._own[name].name, place, own_reader(self._own[name]), value)
        elif name in BY_NAME:
            self._keep(BY_NAME[name].asks, place, BY_NAME[name].read, value)
        else:
            self.mistakes[place] = _("This is not asked for here.")

    def _read_rows(self, group: Group, rows: Any) -> None:
        fits = isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
        if not fits or len(rows) > MOST_ITEMS:
            self.mistakes[(group.said,)] = _("Give a list of at most %s objects.") % MOST_ITEMS
            return
        self.answers[rows_name(group.kind)] = len(rows)
        known = {
            question.said: (question.name, own_reader(question)) for question in group.questions
        }
        known[EMPTY_BECAUSE] = (REST, _word(ABSENCES))
        for number, row in enumerate(rows, start=1):
            for said in row.keys() - known.keys():
                self.mistakes[(group.said, number - 1, said)] = _("This is not asked for here.")
            for said, (name, read) in known.items():
                asks, place = field_name(group.kind, number, name), (group.said, number - 1, said)
                self._places[asks] = place
                if said in row:
                    self._keep(asks, place, read, row[said])

    def _keep(self, asks: str, place: Place, read: Callable[[Any], Any], value: Any) -> None:
        try:
            self.answers[asks] = read(value)
        except Unfit as unfit:
            self.mistakes[place] = str(unfit)


def own_reader(question: Own) -> Callable[[Any], Any]:
    """How a value becomes the answer to a question of a profile, or why there is none."""
    if question.shape == Shape.CHOICE:
        return _word({**{one.said: one.code for one in question.choices}, **ABSENCES})
    return _count if question.shape == Shape.NUMBER else _text


def own_schema(question: Own, *, told: bool = False) -> Schema:
    """The description of that value; of what is told, a reason for having none is no answer."""
    if question.shape == Shape.CHOICE:
        known = {one.said: one.code for one in question.choices}
        return _one_of(known if told else {**known, **ABSENCES})
    if question.shape == Shape.NUMBER:
        return {"type": "integer", "minimum": 0, "maximum": 9_999}
    return {"type": "string", "maxLength": LONGEST_ANSWER}


def _count(value: Any) -> str:
    number = _number(value)
    return "" if number is None else str(number)


def read_answer(sent: Any) -> str:
    """The answer to a question, as it was sent. Raises a Problem when it is none."""
    if not isinstance(sent, dict) or set(sent) != {"antwoord"}:
        raise Problem(400, _("Give an object with “antwoord”, and nothing else."))
    try:
        return _text(sent["antwoord"])
    except Unfit as unfit:
        raise Problem(400, mistakes=[Mistake("/antwoord", str(unfit))]) from unfit


def report(opened: OpenedReport) -> Schema:
    """What was reported, and the question that waits for its reporter."""
    question = question_told(open_question(opened))
    return {"feiten": opened.facts, **answered(opened), "vraag": question}


def answered(opened: OpenedReport) -> Schema:
    """The answers to the reporter's own form and the rows of each list, under the names by which a
    system sends them, with why the others are not there.
    """
    said, profile = opened.said, opened.said.questions
    told: Schema = {"formulier": None, ABSENT: {}, **{group.said: [] for group in GROUPS}}
    if profile is None:
        return told
    kind = words.in_dutch(words.PROFILES, profile.code)
    told["formulier"] = {"soort": kind, "versie": said.edition}
    told |= _given(profile.questions, said.answers, said.absent)
    for group in profile.groups:
        rows = [one for one in said.items if one.kind == group.kind]
        told[group.said] = [_given(group.questions, one.answers, one.absent) for one in rows]
    return told


def _given(
    questions: tuple[Own, ...], answers: Mapping[str, str], absent: Mapping[str, str]
) -> Schema:
    given = {one.said: _told(one, answers[one.name]) for one in questions if one.name in answers}
    why = {
        one.said: words.in_dutch(ABSENCES, absent[one.name])
        for one in questions
        if one.name in absent
    }
    return {**given, ABSENT: why}


def _told(question: Own, answer: str) -> str | int:
    """An answer as a system reads it: numbers are numbers, and days as ISO writes them."""
    if question.shape == Shape.NUMBER:
        return int(answer)
    if question.shape in (Shape.DAY, Shape.PERIOD):
        return iso_of(answer)
    return question.as_said(answer)


def open_question(opened: OpenedReport) -> OpenedQuestion | None:
    """The question that waits for an answer, when there is one."""
    waiting = (one for one in opened.questions if one.question.status == QuestionStatus.ASKED)
    return next(waiting, None)


def question_told(asked: OpenedQuestion | None) -> dict[str, object] | None:
    """A question as its reporter reads it, or nothing."""
    if asked is None:
        return None
    return {
        "tekst": asked.text,
        "gesteld": moment(asked.question.began_at),
        "antwoordVoor": asked.question.due_on.isoformat(),
    }


def _pointer(place: Place) -> str:
    """A place as a JSON pointer (RFC 6901), no longer than it needs to be known by."""
    parts = (str(part)[:100].replace("~", "~0").replace("/", "~1") for part in place)
    return "/".join(parts)


def receipt(signal: Signal, *, address: str) -> dict[str, object]:
    """The answer to a signal that came in: nothing of what it says, so it can be kept."""
    return {
        "id": str(signal.pk),
        "kenmerk": signal.reference,
        "ontvangen": moment(signal.created_at),
        "_links": {"self": {"href": address}},
    }


def summary(signal: Signal, *, address: str) -> dict[str, object]:
    """The coded answers, where it stands, and what became of it."""
    return {
        **receipt(signal, address=address),
        "status": words.in_dutch(words.STATUSES, signal.told_status),
        "uitkomst": outcome(signal),
        "kanaal": words.in_dutch(words.CHANNELS, signal.channel),
        "acuutGevaar": signal.danger,
        "vormen": [words.in_dutch(words.FORMS, form) for form in signal.forms],
        "gemeente": signal.municipality_id,
        "wereldregio": words.in_dutch(words.WORLD_REGIONS, signal.world_region)
        if signal.world_region
        else None,
        "soortPlek": words.in_dutch(words.PLACE_KINDS, signal.place_kind),
        "waargenomen": period(signal),
        "aantalSlachtoffers": signal.n_victims,
        "geslacht": words.in_dutch(words.SEXES, signal.sex),
        "leeftijdsgroep": words.in_dutch(words.AGE_GROUPS, signal.age_group),
    }


def outcome(signal: Signal) -> str | None:
    return words.in_dutch(words.OUTCOMES, signal.outcome) if signal.outcome else None


def period(signal: Signal) -> dict[str, str] | None:
    """From the first day until just before the second."""
    if signal.observed is None:
        return None
    return {
        "van": signal.observed.lower.isoformat(),
        "tot": signal.observed.upper.isoformat(),
    }


def moment(at: datetime) -> str:
    """In UTC, as the API Design Rules ask."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
