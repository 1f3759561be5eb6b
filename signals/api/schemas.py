"""What the documents of signals look like, for the description of the API (JSON Schema).

The answers of the tests are held against these; see tests/signals/api.
"""

from collections.abc import Mapping

from signals.api import words
from signals.api.shapes import QUESTIONS, Schema
from signals.rules import LONGEST_TEXT

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

SCHEMAS: dict[str, Schema] = {
    "NieuwSignaal": _exactly(
        {question.name: question.schema for question in QUESTIONS},
        optional=tuple(question.name for question in QUESTIONS if not question.required),
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
            "vraag": {"anyOf": [_ref("Vraag"), {"type": "null"}]},
        }
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
