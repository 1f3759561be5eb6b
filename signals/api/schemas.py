"""What the documents of signals look like, for the description of the API (JSON Schema).

The answers of the tests are held against these; see tests/signals/api.
"""

from collections.abc import Iterable, Mapping

from signals.api import words
from signals.api.shapes import (
    ABSENT,
    BY_NAME,
    EMPTY_BECAUSE,
    MORE,
    QUESTIONS,
    Schema,
    own_schema,
)
from signals.rules import LONGEST_TEXT
from signals.rules.catalogue import edition_now
from signals.rules.naming import ABSENCES, GROUPS
from signals.rules.questions import MOST_ITEMS, Group, When
from signals.rules.questions import Question as Own

MOST_AT_ONCE = 1_000


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _exactly(properties: Schema, *, optional: tuple[str, ...] = ()) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [name for name in properties if name not in optional],
        "properties": properties,
    }


def _word(known: Mapping[str, str], *, empty: bool = False) -> Schema:
    if not empty:
        return {"type": "string", "enum": list(known)}
    return {"type": ["string", "null"], "enum": [*known, None]}


LINK = _exactly({"href": {"type": "string", "format": "uri"}})
MOMENT = {"type": "string", "format": "date-time"}
DAY = {"type": "string", "format": "date"}
MISTAKES = {"type": "array", "minItems": 1, "items": _ref("Fout")}
RECEIPT: Schema = {
    "id": {"type": "string", "format": "uuid"},
    "kenmerk": {"type": "string", "pattern": r"^SIG-\d{4}-\d{6,}$"},
    "ontvangen": MOMENT,
    "_links": _exactly({"self": LINK}),
}
SUMMARY: Schema = {
    **RECEIPT,
    "status": _word(words.STATUSES),
    "uitkomst": _word(words.OUTCOMES, empty=True),
    "kanaal": _word(words.CHANNELS),
    "acuutGevaar": {"type": "boolean"},
    "vormen": {"type": "array", "minItems": 1, "items": _word(words.FORMS)},
    "gemeente": {"type": ["string", "null"]},
    "wereldregio": _word(words.WORLD_REGIONS, empty=True),
    "soortPlek": _word(words.PLACE_KINDS),
    "waargenomen": {"anyOf": [_exactly({"van": DAY, "tot": DAY}), {"type": "null"}]},
    "aantalSlachtoffers": {"type": ["integer", "null"]},
    "geslacht": _word(words.SEXES),
    "leeftijdsgroep": _word(words.AGE_GROUPS),
}

ROW_REST = {EMPTY_BECAUSE: BY_NAME[EMPTY_BECAUSE].schema}


def _asked_of(question: Own) -> str:
    """For whom a question is, and when: the description of its name."""
    profiles = edition_now().profiles.values()
    who = ", ".join(
        words.in_dutch(words.PROFILES, one.code) for one in profiles if question.name in one.by_name
    )
    if question.if_ is None:
        return f"Formulier: {who}."
    return f"Formulier: {who}. Alleen bij {_condition(question.if_)}."


def _condition(if_: When) -> str:
    on = next(one for one in edition_now().questions() if one.name == if_.question)
    said = sorted(choice.said for choice in on.choices if choice.code in if_.answers)
    return f"{on.said}: {' of '.join(said)}"


def _own_properties() -> Schema:
    """The questions of every profile; who may answer which, the form decides, as on the page."""
    own = {
        question.said: {**own_schema(question), "description": _asked_of(question)}
        for question in edition_now().questions()
    }
    groups = {
        group.said: {"type": "array", "maxItems": MOST_ITEMS, "items": _row(group)}
        for group in GROUPS
    }
    return {**own, **groups}


def _row(group: Group) -> Schema:
    properties = {question.said: own_schema(question) for question in group.questions}
    required = {question.said for question in group.questions if question.required}
    optional = tuple(name for name in (*properties, *ROW_REST) if name not in required)
    return _exactly({**properties, **ROW_REST}, optional=optional)


def _told_properties() -> Schema:
    """The same questions and lists as they are read back: an answer, or why there is none."""
    questions = tuple(edition_now().questions())
    kinds = _exactly({"soort": _word(words.PROFILES), "versie": {"type": "integer", "minimum": 1}})
    return {
        "formulier": {"anyOf": [kinds, {"type": "null"}]},
        **_told_of(questions),
        **{
            group.said: {
                "type": "array",
                "items": _exactly(_told_of(group.questions), optional=_names(group.questions)),
            }
            for group in GROUPS
        },
    }


def _told_of(questions: tuple[Own, ...]) -> Schema:
    reason = _word(ABSENCES)
    why = _exactly({one.said: reason for one in questions}, optional=_names(questions))
    return {**{one.said: own_schema(one, told=True) for one in questions}, ABSENT: why}


def _names(questions: Iterable[Own]) -> tuple[str, ...]:
    return tuple(one.said for one in questions)


OWN = _own_properties()
SCHEMAS: dict[str, Schema] = {
    "NieuwSignaal": _exactly(
        {question.name: question.schema for question in (*QUESTIONS, *MORE)} | OWN,
        optional=(
            *(question.name for question in (*QUESTIONS, *MORE) if not question.required),
            *OWN,
        ),
    ),
    "NieuweSignalen": _exactly(
        {
            "signalen": {
                "type": "array",
                "minItems": 1,
                "maxItems": MOST_AT_ONCE,
                "items": _ref("NieuwSignaal"),
            }
        }
    ),
    "Ontvangst": _exactly(RECEIPT),
    "Samenvatting": _exactly(SUMMARY),
    "Signaal": _exactly(
        {
            **SUMMARY,
            "feiten": {"type": "string"},
            **_told_properties(),
            "vraag": {"anyOf": [_ref("Vraag"), {"type": "null"}]},
        },
        optional=_names(edition_now().questions()),
    ),
    "Vraag": _exactly({"tekst": {"type": "string"}, "gesteld": MOMENT, "antwoordVoor": DAY}),
    "NieuwAntwoord": _exactly(
        {"antwoord": {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}}
    ),
    "Signalen": _exactly(
        {
            "signalen": {"type": "array", "items": _ref("Samenvatting")},
            "_links": _exactly({"self": LINK, "next": LINK}, optional=("next",)),
        }
    ),
    "Uitkomst": _exactly({"uitkomst": _word(words.OUTCOMES, empty=True)}),
    "Regels": _exactly(
        {
            "aangenomen": {"type": "integer", "minimum": 0},
            "geweigerd": {"type": "integer", "minimum": 0},
            "regels": {"type": "array", "items": _ref("Regel")},
        }
    ),
    "Regel": {
        "oneOf": [
            _exactly(
                {
                    "regel": {"type": "integer", "minimum": 1},
                    "status": {"const": 201},
                    "signaal": _ref("Ontvangst"),
                }
            ),
            _exactly(
                {
                    "regel": {"type": "integer", "minimum": 1},
                    "status": {"const": 400},
                    "errors": MISTAKES,
                }
            ),
        ]
    },
}
