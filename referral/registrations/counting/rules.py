"""The one count of reports and of the persons whom they are about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count as Number
from django.db.models import F, FilteredRelation, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from referral.organisations.models import Membership
from referral.persons.merging.workflow import Status as MergeStatus
from referral.registrations.counting.models import CountingRules, Moment, Unit
from referral.registrations.duplicates.workflow import Status as LinkStatus
from referral.registrations.models import Registration
from referral.registrations.querysets import RegistrationQuerySet

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
#: The field of a registration that holds the moment.
FIELDS = {Moment.REGISTERED: "registered_at", Moment.SUBMITTED: "submitted_at"}


@dataclass(frozen=True, slots=True)
class Totals:
    """Both totals of a period, unprotected."""

    reports: int
    persons: int

    @property
    def repeated(self) -> int:
        """Reports about somebody who was reported in the period already."""
        return self.reports - self.persons


class Pattern(NamedTuple):
    """How many reports, about how many persons, share these answers; unprotected.

    One person may stand in several patterns: persons are never summed over them.
    """

    forms: tuple[str, ...]
    sex: str
    age_group: str
    referrer_type: str
    #: Code of the safety region where the exploitation took place; None when not known.
    safety_region: str | None
    reports: int
    persons: int


@dataclass(frozen=True, slots=True)
class Count:
    """What counts in a period, for this member. Of a corrected report its newest version that
    counts, which is what its row shows.
    """

    rules: CountingRules
    registrations: RegistrationQuerySet

    def totals(self) -> Totals:
        found = self.registrations.aggregate(
            reports=Number("pk"), persons=Number(self._of_person("pk"), distinct=True)
        )
        return Totals(**found)

    def patterns(self) -> list[Pattern]:
        """By the answers; sex and age are those of the one person."""
        rows = (
            self.registrations.annotate(
                sex=self._of_person("sex"), age=self._of_person("age_group")
            )
            .values_list(
                "forms", "sex", "age", "referrer_type", "place_municipality__safety_region"
            )
            .annotate(reports=Number("pk"), persons=Number(self._of_person("pk"), distinct=True))
        )
        return [Pattern(tuple(forms), *rest) for forms, *rest in rows]

    def _of_person(self, field: str) -> Combinable:
        """Of who was reported first, where the desk linked this report to an earlier one."""
        own = one_person(self.rules, field, person="person")
        if self.rules.unit == Unit.RECORD:
            return own
        first = F(f"first__earlier__person__{field}")
        return Coalesce(F(f"first_merged__kept__{field}"), first, own)


def count(begin: date, end: date, *, by: Membership) -> Count:
    """What counts from one day until just before another, by the rules of the first day."""
    rules = CountingRules.objects.valid_on(begin).get()
    first, last = (datetime.combine(day, time(), tzinfo=AMSTERDAM) for day in (begin, end))
    moment = FIELDS[Moment(rules.moment)]
    registrations = (
        Registration.objects.visible_to(by)
        .registered()
        .filter(**{f"{moment}__gte": first, f"{moment}__lt": last})
        .annotate(
            merged=merged_away("person"),
            first=FilteredRelation(
                "links_to_earlier", condition=Q(links_to_earlier__status=LinkStatus.LINKED)
            ),
        )
        .annotate(first_merged=merged_away("first__earlier__person"))
        .order_by()
    )
    return Count(rules, registrations)


def merged_away(person: str) -> FilteredRelation:
    """The merge that made the person at this path one with another: at most one stands.

    Who was merged away takes nobody in (merged_person_leads_to_one_that_stands): one step is all.
    """
    path = f"{person}__merges_away"
    return FilteredRelation(path, condition=Q(**{f"{path}__status": MergeStatus.MERGED}))


def one_person(rules: CountingRules, field: str, *, person: str) -> Combinable:
    """A field of the one person behind a record; `merged` is annotated by merged_away."""
    own = F(f"{person}__{field}")
    return own if rules.unit == Unit.RECORD else Coalesce(F(f"merged__kept__{field}"), own)
