"""What is not done, in words; and what a deed is asked with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from referral.geography.models import SafetyRegion
from referral.persons.models import BAND_STARTS, AgeGroup
from shelters.lists.models import ListName
from shelters.lists.rules import Lists
from shelters.matching.models import (
    Answer,
    Demand,
    EligibilityRule,
    MatchLine,
    Nationality,
    OverrideReason,
    Stay,
)
from shelters.matching.models.eligibility import MOST_CHILDREN
from shelters.matching.rules.fitting import Match
from shelters.matching.rules.words import said
from shelters.matching.workflow import LINE_MOVES, LineStatus
from shelters.models import Bed, PlacementRequest
from shelters.rules import PlacementRefused, ShelterRefused, Wish


class MatchRefused(ShelterRefused):
    """A deed of matching that is not done; each sentence beside its question."""

    def __init__(self, words: str = "", **reasons: str) -> None:
        super().__init__(words or " ".join(reasons.values()))
        self.reasons: Mapping[str, str] = reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a coordinator asks for a person, with what makes a place safe and allowed."""

    wish: Wish
    nationality: str = Nationality.UNKNOWN
    stay: str = Stay.UNKNOWN
    labour: str = Answer.UNKNOWN
    children: int = 0
    pets: bool = False
    language: str = ""
    avoid_regions: Sequence[SafetyRegion] = ()
    #: References of cases of people who must not live in the same house.
    apart: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """A bed for a request, and why in spite of warnings."""

    request: PlacementRequest
    bed: Bed
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the desk does with one line of a proposal."""

    line: MatchLine
    follow: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRule:
    """A rule from a day on, or the end of one."""

    shelter_type: str
    demand: str
    citation: str
    since: date
    ends: bool = False


def check_asked(asked: Asked, known: Mapping[str, UUID]) -> None:
    """`known` are the cases that this member may see, by their reference."""
    answers = ((asked.nationality, Nationality), (asked.stay, Stay), (asked.labour, Answer))
    if any(answer not in choices.values for answer, choices in answers):
        raise MatchRefused(_("Choose one of the answers."))
    if not 0 <= asked.children <= MOST_CHILDREN:
        raise MatchRefused(children=_("Say how many children come along."))
    unknown = [reference for reference in asked.apart if reference not in known]
    if unknown:
        raise MatchRefused(
            apart=_("You have no case with the reference %s.") % ", ".join(sorted(unknown))
        )
    if asked.wish.case.pk in known.values():
        raise MatchRefused(apart=_("This is the case of the person who is placed."))
    _check_age(asked.wish)


def _check_age(wish: Wish) -> None:
    """Of an age that is known, only the band beside it may be asked: who was 17 may be 18 now.

    Anything further is a slip of the finger, and finds an adult the bed of a child.
    """
    bands = [band.value for band in BAND_STARTS]
    known, asked = str(wish.case.person.age_group), str(wish.age_group)
    if {known, asked} <= set(bands) and abs(bands.index(known) - bands.index(asked)) > 1:
        raise MatchRefused(
            age_group=_("Of this person another age is known: %s. Choose that one.")
            % AgeGroup(known).label
        )


def check_override(match: Match, reason: str) -> None:
    """Warnings are passed with a reason, or not at all."""
    if not match.warnings:
        return
    if reason not in OverrideReason.values:
        words = ", ".join(said(one).words for one in match.warnings)
        raise MatchRefused(
            _("Say why you choose this place all the same. Against it speaks: %s.") % words
        )


def check_line(line: MatchLine) -> None:
    if not LINE_MOVES[LineStatus(line.status)]:
        raise PlacementRefused(_("This line is “%s” already.") % LineStatus(line.status).label)
    if line.bed_id is None:
        raise PlacementRefused(_("There is no place in this line."))


def check_rule(
    rule: NewRule, current: EligibilityRule | None, lists: Lists, *, today: date
) -> None:
    kept = [current.shelter_type] if current else []
    lists.check(ListName.TYPE, [rule.shelter_type], on=today, kept=kept)
    if rule.demand not in Demand.values:
        raise MatchRefused(_("Choose one of the answers."))
    if rule.since < today:
        raise MatchRefused(since=_("Choose today or a later day."))
    if rule.ends and (current is None or current.valid.lower >= rule.since):
        raise MatchRefused(since=_("This rule does not hold before that day."))
    if not rule.ends and current is not None:
        raise MatchRefused(demand=_("This rule holds already. End it first."))
    if not rule.ends and not rule.citation.strip():
        raise MatchRefused(citation=_("Say which text this rests on."))
