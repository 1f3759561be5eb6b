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

from django.utils.translation import gettext as _

from referral.lib.problems import Mistake, Problem
from referral.organisations.models import Membership
from signals.actions.reading import OpenedSignal
from signals.api import words
from signals.forms import SignalForm
from signals.forms.signal import ASKED_AS, NO, YES
from signals.models import Channel, Signal
from signals.rules import LONGEST_FACTS, MOST_VICTIMS, Draft
from signals.workflow import QuestionStatus

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
    Question("gemeente", "municipality", _text, {"type": "string", "pattern": r"^GM\d{4}$"}),
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
NAME_OF = {question.asks: question.name for question in QUESTIONS}


def read_signal(
    sent: Any, *, member: Membership, municipalities: list[tuple[str, str]], at: str = ""
) -> Draft | list[Mistake]:
    """What was sent as a draft, or everything that is wrong with it, by place."""
    if not isinstance(sent, dict):
        return [Mistake(at, _("Give an object with the names of a signal."))]
    known = {question.name: question for question in QUESTIONS}
    mistakes = {name: _("This is not asked for here.") for name in sent if name not in known}
    answers: dict[str, Any] = {}
    for name, question in known.items():
        if name not in sent:
            continue
        try:
            answers[question.asks] = question.read(sent[name])
        except Unfit as unfit:
            mistakes[name] = str(unfit)
    form = SignalForm(answers, member=member, municipalities=municipalities)
    for asked, sentences in form.errors.items():
        name = NAME_OF.get(ASKED_AS.get(asked, asked), asked)
        mistakes.setdefault(name, " ".join(map(str, sentences)))
    if mistakes:
        return [Mistake(f"{at}/{_pointer(name)}", why) for name, why in mistakes.items()]
    return replace(form.draft(), channel=Channel.PARTNER_SYSTEM)


def read_answer(sent: Any) -> str:
    """The answer to a question, as it was sent. Raises a Problem when it is none."""
    if not isinstance(sent, dict) or set(sent) != {"antwoord"}:
        raise Problem(400, _("Give an object with “antwoord”, and nothing else."))
    try:
        return _text(sent["antwoord"])
    except Unfit as unfit:
        raise Problem(400, mistakes=[Mistake("/antwoord", str(unfit))]) from unfit


def open_question(opened: OpenedSignal) -> dict[str, object] | None:
    """The question that waits for an answer, or nothing."""
    for asked in opened.questions:
        if asked.question.status == QuestionStatus.ASKED:
            return {
                "tekst": asked.text,
                "gesteld": moment(asked.question.began_at),
                "antwoordVoor": asked.question.due_on.isoformat(),
            }
    return None


def _pointer(name: str) -> str:
    """A name as a part of a JSON pointer (RFC 6901), no longer than it needs to be known by."""
    return name[:100].replace("~", "~0").replace("/", "~1")


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
