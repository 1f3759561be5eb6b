"""What a reporter said beside the eight questions: whether it was asked, and what it is found by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

from referral.access.forms import LIKE_A_DAY, NO_SUCH_DAY
from referral.lib import names, numbers
from signals.models import Absence, ItemKind, ItemRole, KeyKind, Sex
from signals.rules.catalogue import profile_of
from signals.rules.questions import LONGEST_ANSWER, MOST_ITEMS, Profile, Question, Shape

YEAR = re.compile(r"\d{4}")
DAY = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
MONTH = re.compile(r"(\d{1,2})[-/. ](\d{4})")
ISO_MONTH = re.compile(r"(\d{4})-(\d{2})")
POSTCODE = re.compile(r"[1-9]\d{3}[A-Z]{2}")
HOUSE = re.compile(r"\d+[A-Z]{0,3}\d{0,3}")
PLATE = re.compile(r"[A-Z0-9]{4,10}")
IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}")
KVK = re.compile(r"\d{8}")
EMAIL = re.compile(r"[^@\s]+@([^@\s]+\.[a-z]{2,})")
DOMAIN = re.compile(
    r"(?:https?://)?(?:www\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,})(?:[/?#:].*)?"
)
EARLIEST_BIRTH = 1900
#: Where a thousand people have an address, the provider says nothing of who they are.
PROVIDERS = frozenset(
    ["gmail.com", "hotmail.com", "hotmail.nl", "outlook.com", "live.nl", "icloud.com", "ziggo.nl",
     "kpnmail.nl", "yahoo.com", "instagram.com", "facebook.com", "tiktok.com", "telegram.org"]
)  # fmt: skip
Answers = Mapping[str, str]
Key = tuple[KeyKind, str]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ItemEntry:
    """One person, address, vehicle or the like, as it is said; it never prints itself.

    `absent` tells for an answer that is not there why it is not there.
    """

    kind: str
    answers: Answers
    absent: Answers = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"ItemEntry({self.kind}, not shown)"

    @property
    def role(self) -> str:
        """What stands in the code: not clear yet where the question has no answer."""
        if self.kind not in (ItemKind.PERSON, ItemKind.PLACE):
            return ""
        return self.answers.get("role", ItemRole.UNKNOWN)

    @property
    def sex(self) -> str:
        if self.kind != ItemKind.PERSON:
            return ""
        return self.answers.get("sex", Sex.UNKNOWN)

    @property
    def title(self) -> str:
        """What somebody would call it, to choose it from a list."""
        said = self.answers
        full = f"{said.get('given_names', '')} {said.get('family_name', '')}".strip()
        return full or ", ".join(said[name] for name in ("birth", "nationality") if name in said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Everything beside the eight questions: in which edition it was asked, and what was said."""

    edition: int = 0
    profile: str = ""
    answers: Answers = field(default_factory=dict)
    absent: Answers = field(default_factory=dict)
    items: Sequence[ItemEntry] = ()

    @property
    def questions(self) -> Profile | None:
        """What was asked, in the words of then; nothing of what came from a file."""
        return profile_of(self.edition, self.profile) if self.edition else None

    def payload(self) -> dict[str, object]:
        """As it is sealed with the story; the items have rows of their own."""
        if not self.edition:
            return {}
        return {
            "edition": self.edition,
            "profile": self.profile,
            "answers": dict(self.answers),
            "absent": dict(self.absent),
        }

    @classmethod
    def from_payload(cls, payload: object, items: Sequence[ItemEntry] = ()) -> Said:
        if not isinstance(payload, dict) or not payload:
            return cls(items=items)
        return cls(**payload, items=items)


def said_errors(said: Said, *, today: date) -> dict[str, str]:
    """What is wrong with what was said, by the name that the question has on the page.

    What is not asked of who gives these answers is refused, and so is what is missing.
    """
    profile = said.questions
    if profile is None:
        return {} if not said.answers and not said.items else {"edition": _("Nothing was asked.")}
    values = {**said.absent, **said.answers}
    errors = dict(_answer_errors(profile.questions, said.answers, said.absent, values, today))
    counts: dict[str, int] = {}
    for item in said.items:
        number = counts[item.kind] = counts.get(item.kind, 0) + 1
        of_row = {**values, **item.absent, **item.answers}
        questions = profile.group(item.kind).questions
        for name, error in _answer_errors(questions, item.answers, item.absent, of_row, today):
            errors[field_name(item.kind, number, name)] = error
        if number > MOST_ITEMS:
            errors[field_name(item.kind, number, "rest")] = _("Name at most %s.") % MOST_ITEMS
    return errors


def field_name(kind: str, number: int, question: str) -> str:
    """How the question of one row is called on the page."""
    return f"{kind}-{number}-{question}"


def not_asked(question: Question, answer: str) -> str:
    """Why an answer does not count."""
    return _("“%(question)s” is not asked with these answers; “%(answer)s” is left out.") % {
        "question": question.label,
        "answer": question.in_words(answer),
    }


def _answer_errors(
    questions: Sequence[Question], answers: Answers, absent: Answers, values: Answers, today: date
) -> Iterator[tuple[str, str]]:
    known = {question.name for question in questions}
    for name in sorted({*answers, *absent} - known):
        yield name, _("This form does not ask for: %s.") % name
    for question in questions:
        answer, why = answers.get(question.name, ""), absent.get(question.name, "")
        asked = question.asked(values)
        if answer and not asked:
            yield question.name, not_asked(question, answer)
        elif why and (answer or why not in Absence.values):
            yield question.name, _("Choose one of the answers.")
        elif asked and question.required and not answer and why in ("", Absence.NOT_ASKED):
            yield question.name, _("Answer this question.")
        elif answer and (error := _wrong(question, answer, answers, today)):
            yield question.name, error


def _wrong(question: Question, answer: str, row: Answers, today: date) -> str:
    if question.shape == Shape.CHOICE:
        known = answer in {one.code for one in question.choices}
        return "" if known else _("Choose one of the answers.")
    if len(answer) > LONGEST_ANSWER:
        return _("This is too long. Use at most %s characters.") % LONGEST_ANSWER
    if question.shape == Shape.NUMBER:
        known = answer.isascii() and answer.isdigit() and len(answer) <= 4
        return "" if known else _("Give a whole number.")
    if question.shape == Shape.DAY:
        return _day_error(question, answer, today)
    if question.shape == Shape.PERIOD:
        return _period_error(question.name, answer, row, today)
    return _number_error(question.name, answer, row)


def _number_error(name: str, answer: str, row: Answers) -> str:
    """A number of which half was seen belongs in the words beside it."""
    match name:
        case "postcode" if not POSTCODE.fullmatch(plain(answer)):
            return _("Write the four digits and two letters, such as 1234 AB.")
        case "number" if not numbers.phone(answer):
            return _("Write the whole number, such as 06 12345678 or +40 721 234 567.")
        case "kvk" if not KVK.fullmatch(numbers.digits(answer)):
            return _("A number of the Chamber of Commerce has eight digits.")
        case "account" if row.get("sort") == "iban" and not is_iban(answer):
            return _("This is no bank account (IBAN). Check the number.")
    return ""


def _day_error(question: Question, answer: str, today: date) -> str:
    day = birth_of(answer)
    if not day or (question.name != "birth" and len(day) == len("1990")):
        if LIKE_A_DAY.fullmatch(answer.strip()):
            return str(NO_SUCH_DAY)
        return (
            _("Write a day, such as 31-12-2026.")
            if question.name != "birth"
            else _("Write a day (31-12-1990) or a year (1990).")
        )
    if day > today.isoformat():
        return _("This lies in the future.")
    return "" if int(day[:4]) >= EARLIEST_BIRTH else _("Check the year.")


def _period_error(name: str, answer: str, row: Answers, today: date) -> str:
    days = days_of(answer)
    if days is None and LIKE_A_DAY.fullmatch(answer.strip()):
        return str(NO_SUCH_DAY)
    if days is None:
        return _("Write a day (31-12-2026), a month (12-2026) or a year (2026).")
    if days[0] > today:
        return _("This lies in the future.")
    if days[0].year < EARLIEST_BIRTH:
        return _("Check the year.")
    since = days_of(row.get("since", "")) if name == "until" else None
    return _("This lies before the beginning.") if since and days[1] < since[0] else ""


def days_of(text: str) -> tuple[date, date] | None:
    """The first and the last day of a day, a month or a year; None for what is none of these."""
    text = text.strip()
    try:
        if day := birth_of(text):
            whole = len(day) > len("1990")
            first = date.fromisoformat(day) if whole else date(int(day), 1, 1)
            return first, first if whole else date(first.year, 12, 31)
        if found := ISO_MONTH.fullmatch(text):
            year, month = map(int, found.groups())
        elif found := MONTH.fullmatch(text):
            month, year = map(int, found.groups())
        else:
            return None
        first = date(year, month, 1)
        after = (first + timedelta(days=31)).replace(day=1)
    except (ValueError, OverflowError):
        return None
    return first, after - timedelta(days=1)


def iso_of(text: str) -> str:
    """A day, a month or a year as ISO 8601 writes it; what is none of these as it is."""
    days = days_of(text)
    if days is None:
        return text
    first, last = days
    if first == last:
        return first.isoformat()
    return f"{first:%Y-%m}" if first.month == last.month else f"{first:%Y}"


def birth_of(text: str) -> str:
    """A day or a year as ISO writes it; empty for what is neither."""
    text = text.strip()
    if YEAR.fullmatch(text):
        return text
    try:
        if found := ISO_DAY.fullmatch(text):
            return date(*map(int, found.groups())).isoformat()
        if found := DAY.fullmatch(text):
            return date(*map(int, reversed(found.groups()))).isoformat()
    except ValueError:
        return ""
    return ""


def is_iban(text: str) -> bool:
    """Whether the check digits are right (ISO 13616: the number modulo 97 is 1)."""
    number = plain(text)
    if not IBAN.fullmatch(number):
        return False
    return int("".join(str(int(sign, 36)) for sign in number[4:] + number[:4])) % 97 == 1


def plain(text: str) -> str:
    """Capitals and digits only, as plates, postcodes and account numbers are compared."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def item_keys(item: ItemEntry) -> set[Key]:
    """What is kept, hashed, so that signals that name the same can be found."""
    return {(kind, value) for kind, value in _keys(item) if value}


def _keys(item: ItemEntry) -> Iterator[Key]:
    said = item.answers
    match item.kind:
        case ItemKind.PERSON:
            yield from _person_keys(said)
        case ItemKind.PLACE:
            code, house = plain(said.get("postcode", "")), plain(said.get("house_number", ""))
            if POSTCODE.fullmatch(code) and HOUSE.fullmatch(house):
                yield KeyKind.ADDRESS, f"{code} {house}"
        case ItemKind.VEHICLE:
            plate = plain(said.get("plate", ""))
            yield KeyKind.PLATE, plate if PLATE.fullmatch(plate) else ""
        case ItemKind.PHONE:
            yield KeyKind.PHONE, numbers.phone(said.get("number", ""))
        case ItemKind.ACCOUNT:
            yield from _account_keys(said.get("sort", ""), said.get("account", ""))
        case ItemKind.COMPANY:
            yield KeyKind.KVK, numbers.digits(said.get("kvk", ""))
            yield from _web_keys(said.get("web", ""))


def _person_keys(said: Answers) -> Iterator[Key]:
    full = f"{said.get('given_names', '')} {said.get('family_name', '')}"
    whole, birth = names.words(full), birth_of(said.get("birth", ""))
    if len(whole) > 1:  # of one word alone the sound says too little
        yield from ((KeyKind.SOUND, heard) for heard in names.readings(full))
    if not whole or not birth:
        return
    yield KeyKind.WORDS_AND_YEAR, f"{' '.join(sorted(whole))}|{birth[:4]}"
    if len(birth) > len("1990"):
        yield KeyKind.NAME_AND_DATE, f"{' '.join(whole)}|{birth}"


def _account_keys(sort: str, account: str) -> Iterator[Key]:
    if sort == "iban":
        yield KeyKind.IBAN, plain(account) if is_iban(account) else ""
    elif sort == "email":
        yield from _web_keys(account)
    elif sort not in ("", "other", "advertisement"):
        name = account.strip().casefold().rstrip("/").rpartition("/")[2].lstrip("@")
        yield KeyKind.PROFILE, f"{sort} {name}" if name else ""
    elif sort == "advertisement":
        yield from _web_keys(account)


def _web_keys(text: str) -> Iterator[Key]:
    text = text.strip().casefold()
    if mail := EMAIL.fullmatch(text):
        yield KeyKind.EMAIL, text
        text = mail[1]
    if found := DOMAIN.fullmatch(text):
        yield KeyKind.DOMAIN, found[1] if found[1] not in PROVIDERS else ""
