"""How alike two persons are, and why, in words. It advises; a person decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import TypeVar

from django.utils.translation import gettext as _

from referral.lib import names
from referral.lib.similarity import jaro_winkler
from referral.lib.similarity import likeness as words_alike
from referral.persons.rules.facts import IdentityFacts
from referral.persons.rules.keys import written_names

Known = TypeVar("Known")

#: Below this a candidate is not shown.
SHOWN_FROM = 72
#: Words that are heard alike are at least so much alike, however they are spelled.
HEARD_ALIKE = 0.92
#: Words less alike than this are other words: what they have in common is chance, and halved.
OTHER_BELOW = 0.75


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two persons are (0 to 100), and the reasons in words."""

    score: int
    reasons: tuple[str, ...]


def shown_alike(
    asked: IdentityFacts, known: Mapping[Known, IdentityFacts]
) -> list[tuple[Known, Likeness]]:
    """Who of these is shown, best first."""
    compared = [(one, likeness(asked, facts)) for one, facts in known.items()]
    shown = [pair for pair in compared if pair[1].score >= SHOWN_FROM]
    return sorted(shown, key=lambda pair: -pair[1].score)


def likeness(a: IdentityFacts, b: IdentityFacts) -> Likeness:
    """Names weigh 70 %, the birth date 30 %; a number that is equal outweighs both.

    The weights were set by hand on perturbed names (bench/crowd.py makes them).
    """
    name, name_reason = _names_alike(a, b)
    birth, birth_reason = _births_alike(a, b)
    score = 0.85 * name if birth is None else 0.7 * name + 0.3 * birth
    reasons = [name_reason, birth_reason]
    if a.phone and a.phone == b.phone:
        score = max(score + 0.6 * (1 - score), 0.75)
        reasons.append(_("same telephone number"))
    for mine, other, same, different in (
        (a.v_number, b.v_number, _("same V-number"), _("another V-number")),
        (a.bsn, b.bsn, _("same citizen service number"), _("another citizen service number")),
    ):
        if mine and mine == other:
            score = max(score, 0.97)
            reasons.append(same)
        elif mine and other:
            score -= 0.1
            reasons.append(different)
    return Likeness(round(100 * max(0.0, score)), tuple(filter(None, reasons)))


def _names_alike(a: IdentityFacts, b: IdentityFacts) -> tuple[float, str]:
    alike = max(
        (
            _written_alike(tuple(names.words(mine)), tuple(names.words(other)))
            for mine, other in product(written_names(a), written_names(b))
        ),
        default=0.0,
    )
    if alike >= 0.995:
        return alike, _("same names")
    if alike >= 0.9:
        return alike, _("nearly the same names")
    return alike, _("names that look alike") if alike >= 0.75 else ""


@lru_cache(maxsize=4096)
def _written_alike(a: Sequence[str], b: Sequence[str]) -> float:
    """As words and, for "Abdul Rahman" beside "Abdulrahman", as one."""
    apart = words_alike(a, b, alike=_word_alike)
    if len(a) == len(b) or not (a and b):
        return apart
    return max(apart, 0.98 * _word_alike("".join(a), "".join(b)))


@lru_cache(maxsize=65536)
def _word_alike(a: str, b: str) -> float:
    alike = jaro_winkler(a, b)
    if alike < OTHER_BELOW:
        alike /= 2
    heard = names.sound(a)
    return max(alike, HEARD_ALIKE) if len(heard) > 1 and heard == names.sound(b) else alike


def _births_alike(a: IdentityFacts, b: IdentityFacts) -> tuple[float | None, str]:
    mine, other = a.birth_date, b.birth_date
    if not mine or not other:
        return None, _("birth date not known of both")
    if a.birth_until or b.birth_until:
        return _estimates_alike(a.birth_years, b.birth_years)
    if (len(mine), len(other)) == (10, 10) and (found := _days_alike(mine, other)):
        return found
    years = abs(int(mine[:4]) - int(other[:4]))
    if years == 0:
        return 0.7, _("same birth year")
    return (0.4, _("birth year differs by one")) if years == 1 else (0.0, _("another birth year"))


def _days_alike(a: str, b: str) -> tuple[float, str] | None:
    """What two whole dates have in common besides the year."""
    if a == b:
        return 1.0, _("same birth date")
    if (a[:4], a[5:7], a[8:]) == (b[:4], b[8:], b[5:7]):
        return 0.9, _("day and month changed places")
    if sum(x != y for x, y in zip(a, b, strict=True)) == 1:
        return 0.8, _("birth date differs in one digit")
    if a[5:] == b[5:]:
        near = abs(int(a[:4]) - int(b[:4])) == 1
        return 0.8 if near else 0.5, _("same day and month in another year")
    return None


def _estimates_alike(a: range, b: range) -> tuple[float, str]:
    if a.start < b.stop and b.start < a.stop:
        return 0.7, _("birth year lies in the estimate")
    near = min(abs(a.start - b.stop), abs(b.start - a.stop)) <= 1
    return (0.4, _("birth year lies near the estimate")) if near else (0.0, _("another birth year"))
