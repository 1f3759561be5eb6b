"""Reads of the index and of kept searches, and what the answers of a search leave of signals.

The database says the same again in the policies of migration 0001.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.search import SearchQueryField
from django.db import models
from django.db.models import F, Func, OuterRef, Q, Subquery, Value
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.functions import Cast

from referral.organisations.permissions import Permission
from signals.querysets.signal import readable_by

if TYPE_CHECKING:
    from referral.organisations.models import Membership
    from signals.querysets import SignalQuerySet
    from signals.search.models import SavedFilter, SearchEntry, StaleSignal

RELEVANCE, NEWEST = "relevance", "newest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody wants to find; an empty answer leaves everything."""

    words: str = ""
    #: Also what is spelled or sounds nearly the same; a person decides.
    alike: bool = False
    status: str = ""
    form: str = ""
    urgency: str = ""
    region: str = ""
    municipality: str = ""
    reporter_type: str = ""
    handler: str = ""
    since: date | None = None
    until: date | None = None
    order: str = RELEVANCE

    @property
    def only_words(self) -> bool:
        """No coded answer leaves a signal out."""
        return self == Asked(words=self.words, alike=self.alike, order=self.order)


class SearchEntryQuerySet(models.QuerySet["SearchEntry"]):
    """Reads as a sentence: SearchEntry.objects.visible_to(member).side_of(member).with_words(…)"""

    def visible_to(self, member: Membership) -> Self:
        """What the desk wrote for the desk, and for who keeps the index; the rest as signals."""
        if member.may(Permission.SIGNAL_JUDGE) or member.may(Permission.SIGNAL_INDEX):
            return self.all()
        return self.filter(readable_by(member, signal="signal__"), desk=False)

    def side_of(self, member: Membership) -> Self:
        """One entry of each signal: the desk's, with all words, or the reporter's."""
        return self.filter(desk=member.may(Permission.SIGNAL_JUDGE))

    def signals_with_words(self, query: str, member: Membership) -> Any:
        """The signals of those that hold this blinded query.

        `@@` is not leakproof, so that no index on words is used under a policy. Who reads all
        signals asks a function that looks past the policies, and only for them; for the others
        the index on organisation, reporter or municipality leaves few rows to look through.
        """
        if member.may(Permission.SIGNAL_READ_ALL):
            desk = member.may(Permission.SIGNAL_JUDGE)
            return RawSQL("SELECT baken.signals_with(%s::tsquery, %s)", [query, desk])
        holds = Func(
            F("words"), _cast(query), arg_joiner=" @@ ", template="(%(expressions)s)",
            output_field=models.BooleanField(),
        )  # fmt: skip
        return self.filter(holds).values("signal")

    def best_signals(
        self, query: str, member: Membership, *, ranked: bool, skipped: int, most: int
    ) -> RawSQL:
        """The keys of one page of all signals that hold this blinded query: the best, or the last
        to arrive.

        Only for who reads all signals, and where no filter leaves some of them out: ranked in one
        look at the index.
        """
        return RawSQL(
            "ARRAY(SELECT signal FROM baken.best_signals(%s::tsquery, %s, %s, %s, %s))",
            [query, member.may(Permission.SIGNAL_JUDGE), ranked, skipped, most],
        )

    def count_with_words(self, query: str, member: Membership) -> RawSQL:
        """How many signals hold this blinded query; for who reads all signals."""
        desk = member.may(Permission.SIGNAL_JUDGE)
        return RawSQL(
            "SELECT count(*) FROM baken.signals_with(%s::tsquery, %s)",
            [query, desk],
            output_field=models.IntegerField(),
        )

    def rank_of(self, query: str) -> Subquery:
        """How well the words of a signal fit; to be asked of signals."""
        rank = Func(F("words"), _cast(query), function="ts_rank", output_field=models.FloatField())
        return Subquery(self.filter(signal=OuterRef("pk")).annotate(rank=rank).values("rank")[:1])


def _cast(query: str) -> Combinable:
    return Cast(Value(query, output_field=models.TextField()), SearchQueryField())


class StaleQuerySet(models.QuerySet["StaleSignal"]):
    def visible_to(self, member: Membership) -> Self:
        """Who keeps the index."""
        return self.all() if member.may(Permission.SIGNAL_INDEX) else self.none()


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    def visible_to(self, member: Membership) -> Self:
        """One's own in this role, and what colleagues in the same role shared."""
        return self.filter(
            Q(created_by=member.user_id) | Q(shared=True),
            organisation=member.organisation_id,
            role=member.role,
        )

    def of(self, member: Membership) -> Self:
        return self.visible_to(member).filter(created_by=member.user_id)

    def in_order(self) -> Self:
        return self.order_by("created_at", "pk")


def one_of(keys: Combinable) -> Func:
    """Whether a signal has one of these keys, an array. No IN: the planner would go through all
    signals for it, and through the words of each.
    """
    return Func(
        F("pk"), keys, arg_joiner=" = ANY (", template="(%(expressions)s))",
        output_field=models.BooleanField(),
    )  # fmt: skip


def narrowed(signals: SignalQuerySet, asked: Asked, member: Membership) -> SignalQuerySet:
    """What the coded answers leave. Nobody finds by what only the expert centre knows."""
    found = signals.with_form(asked.form).in_region(asked.region)
    inside = member.may(Permission.SIGNAL_JUDGE)
    if asked.status:
        found = found.filter(status=asked.status) if inside else found.told_as(asked.status)
    if asked.handler and inside:
        found = found.filter(taken_up_by_id=int(asked.handler))
    exact = {
        "urgency": asked.urgency,
        "municipality": asked.municipality,
        "reporter_type": asked.reporter_type,
        "created_at__date__gte": asked.since,
        "created_at__date__lte": asked.until,
    }
    return found.filter(**{name: value for name, value in exact.items() if value not in ("", None)})
