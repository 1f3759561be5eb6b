"""Which terms there are, in which table each kind stands, and what a new version must keep to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from referral.cases.models import HandoffTerm
from referral.cases.planning.models import PlanningTerm
from referral.cases.planning.models import TermCode as PlanningCode
from referral.lib.refusals import Refused
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.residence.models import Certainty as ResidenceCertainty
from referral.residence.models import TermCode as ResidenceCode
from referral.residence.models import TermLength
from referral.retention.models import Certainty
from referral.terms.models import Version
from shelters.models import ShelterTerm

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

#: A version is never changed and the next one begins after it: a slip in the year would close the
#: book for good. A choice of the house.
FARTHEST = timedelta(days=2 * 366)


class TermsRefused(Refused):
    """A version that cannot be given; the words say why."""

    def __init__(self, text: str = "", **reasons: str) -> None:
        super().__init__(text or " ".join(reasons.values()))
        self.reasons = reasons


class Unit(StrEnum):
    """What a number counts."""

    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


UNITS = {
    Unit.HOURS: gettext_lazy("hours"),
    Unit.DAYS: gettext_lazy("days"),
    Unit.WORKING_DAYS: gettext_lazy("working days"),
    Unit.MONTHS: gettext_lazy("months"),
}


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a version: its field, what it is called, and how many it may be."""

    name: str
    label: _StrPromise
    unit: Unit
    lowest: int
    highest: int

    @property
    def question(self) -> str:
        """What the form asks: the name, and what is counted where the name does not say so."""
        return str(self.label if self.name == self.unit else f"{self.label} ({UNITS[self.unit]})")

    def in_words(self, count: int) -> str:
        words = {
            Unit.HOURS: ngettext("%d hour", "%d hours", count),
            Unit.DAYS: ngettext("%d day", "%d days", count),
            Unit.WORKING_DAYS: ngettext("%d working day", "%d working days", count),
            Unit.MONTHS: ngettext("%d month", "%d months", count),
        }
        return words[self.unit] % count


@dataclass(frozen=True, slots=True)
class Book:
    """All versions of one kind of terms.

    With `codes` each term has versions of its own, in months and days, that begin on a day;
    without them one version holds all numbers and begins at midnight.
    """

    slug: str
    title: _StrPromise
    about: _StrPromise
    model: type[Version]
    numbers: tuple[Number, ...]
    codes: Sequence[tuple[str, Any]] = ()
    certainties: Sequence[tuple[str, Any]] = tuple(Certainty.choices)
    #: How sure a version is stands in a confirmation, and not in the version itself.
    confirmed: bool = True

    @property
    def numbered(self) -> bool:
        return not self.codes

    def versions(self, *, by: Membership) -> QuerySet[Any]:
        """All of them, each term apart, the newest on top."""
        order = ("-version",) if self.numbered else ("code", "-valid")
        return self.model.objects.visible_to(by).order_by(*order)

    def range_from(self, day: date) -> DateRange | DateTimeTZRange:
        if self.codes:
            return DateRange(day, None)
        return DateTimeTZRange(timezone.make_aware(datetime.combine(day, time())), None)


@dataclass(frozen=True, slots=True)
class NewVersion:
    """What somebody wants to hold from a day on; `code` where each term has its own versions."""

    book: Book
    numbers: Mapping[str, int]
    source: str
    certainty: str
    from_day: date
    code: str = ""

    @property
    def of(self) -> dict[str, str]:
        """Which term it is a version of, where a book holds several."""
        return {"code": self.code} if self.code else {}


LENGTH = (
    Number("months", gettext_lazy("Months"), Unit.MONTHS, 0, 120),
    Number("days", gettext_lazy("Days"), Unit.DAYS, 0, 400),
)
PLANNING = Book(
    "planning",
    gettext_lazy("Planning of the care"),
    gettext_lazy(
        "When a plan and a risk are looked at again. What was due under an old term stays due."
    ),
    PlanningTerm,
    LENGTH,
    codes=PlanningCode.choices,
)
HANDOVER = Book(
    "handover",
    gettext_lazy("Handover between regions"),
    gettext_lazy(
        "In working days. A day that was set stays; a new version counts from the next step on."
    ),
    HandoffTerm,
    (
        Number("remind_days", gettext_lazy("Reminder of an offer"), Unit.WORKING_DAYS, 1, 60),
        Number("answer_days", gettext_lazy("Answer to an offer"), Unit.WORKING_DAYS, 1, 60),
        Number(
            "escalate_days", gettext_lazy("The national desk hears of it"), Unit.WORKING_DAYS, 1, 60
        ),
        Number("expire_days", gettext_lazy("The offer ends by itself"), Unit.WORKING_DAYS, 1, 60),
    ),
)
SHELTER = Book(
    "shelter",
    gettext_lazy("Shelter"),
    gettext_lazy(
        "What was agreed stays. Which stay is long and which end is near goes by what holds today."
    ),
    ShelterTerm,
    (
        Number("answer_hours", gettext_lazy("Answer to a reservation"), Unit.HOURS, 1, 240),
        Number("first_days", gettext_lazy("Agreed first, of a stay"), Unit.DAYS, 1, 730),
        Number("long_days", gettext_lazy("Until a stay is long"), Unit.DAYS, 1, 730),
        Number("near_days", gettext_lazy("Told ahead of the end"), Unit.DAYS, 1, 365),
        Number("record_days", gettext_lazy("To write down an emergency"), Unit.DAYS, 1, 60),
    ),
)
RESIDENCE = Book(
    "residence",
    gettext_lazy("Residence"),
    gettext_lazy("What the law gives. What began under an old length keeps it."),
    TermLength,
    LENGTH,
    codes=ResidenceCode.choices,
    certainties=tuple(ResidenceCertainty.choices),
    confirmed=False,
)
BOOKS = {book.slug: book for book in (PLANNING, HANDOVER, SHELTER, RESIDENCE)}


def day_of(moment: date | datetime | None) -> date | None:
    """The day on which a version begins or ends; None when it never did."""
    return timezone.localdate(moment) if isinstance(moment, datetime) else moment


def check_keeper(member: Membership) -> None:
    if not member.may(Permission.TERMS_KEEP):
        raise PermissionDenied(_("Your role does not keep the terms."))


def check_new(new: NewVersion, *, last: Any, today: date) -> Any:
    """The version that the new one follows. Raises TermsRefused."""
    if last is None:
        raise TermsRefused(_("Somebody has just given a new version. Look at it first."))
    begun = day_of(last.valid.lower)
    if new.from_day <= today:
        raise TermsRefused(from_day=_("Choose a day after today: what held stays as it was."))
    if new.from_day > today + FARTHEST:
        raise TermsRefused(
            from_day=_("Choose a day within two years: no version can be given before this one.")
        )
    if begun is not None and new.from_day <= begun:
        words = _("A newer version begins on %(day)s; choose a later day.")
        raise TermsRefused(from_day=words % {"day": f"{begun:%d-%m-%Y}"})
    if new.book.codes and not any(new.numbers.values()):
        raise TermsRefused(months=_("A term lasts at least one day."))
    if new.book is HANDOVER:
        _check_order(new.numbers)
    if new.source == last.source and all(
        getattr(last, name) == count for name, count in new.numbers.items()
    ):
        raise TermsRefused(_("This is what holds already: change a number or the source."))
    return last


def _check_order(numbers: Mapping[str, int]) -> None:
    """A reminder comes first, then the last day, the national desk, and the end of the offer."""
    if numbers["answer_days"] < numbers["remind_days"]:
        raise TermsRefused(answer_days=_("The answer is not due before the reminder."))
    if numbers["escalate_days"] <= numbers["answer_days"]:
        raise TermsRefused(escalate_days=_("The national desk hears of it after the last day."))
    if numbers["expire_days"] <= numbers["escalate_days"]:
        raise TermsRefused(expire_days=_("An offer ends after the national desk has heard of it."))
