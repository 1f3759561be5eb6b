"""Reads of signals. Every read of a person starts with visible_to(); the rest in any order.

The database says the same again in the policies of migration 0001: change both, or
tests/signals/test_two_locks.py fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Self

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q

from referral.lib.tally import Tally
from referral.organisations.permissions import Permission
from referral.organisations.roles import OrganisationType
from signals.urgency import Level
from signals.workflow import (
    CLOCK_RUNS,
    IMPORT_UNDER_WAY,
    INSIDE,
    OPEN,
    ReadingStatus,
    Status,
    Term,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

    from referral.organisations.models import Membership
    from signals.models import (
        ImportBatch,
        ImportRefusal,
        Judgement,
        Signal,
        SignalNarrative,
    )


class TriageLate(NamedTuple):
    """What came in during `received` and waits since before a moment: urgent, or other signals."""

    received: DateTimeTZRange
    urgent_before: datetime
    other_before: datetime


class Late(NamedTuple):
    """What came in during `received`, and for which a term began before a moment."""

    received: DateTimeTZRange
    before: datetime


def _received_in(received: DateTimeTZRange) -> Q:
    condition = Q()
    if received.lower is not None:
        condition &= Q(created_at__gte=received.lower)
    if received.upper is not None:
        condition &= Q(created_at__lt=received.upper)
    return condition


MUNICIPAL = (OrganisationType.MUNICIPALITY, OrganisationType.VO_CENTRE)
ROWS_ON_HOME = 5
ABROAD = "abroad"


class TrueCount(NamedTuple):
    """How many signals share this pattern of forms, sex and age group; unprotected."""

    forms: tuple[str, ...]
    sex: str
    age_group: str
    number: int


@dataclass(frozen=True, slots=True)
class HomeLists:
    """What a member's home page shows of signals: whose work it is, how many, the first few.

    `kind` is triage, municipality or reporter; empty for roles that have nothing to do with
    signals.
    """

    kind: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    rows: tuple[Signal, ...] = ()
    template: str = "signals/_home.html"


def readable_by(member: Membership, *, signal: str = "") -> Q:
    """Which signals a member reads, as one condition; all, for who keeps the search index.

    `signal` is the way to the signal from a row that repeats its columns: `"signal__"`.
    """
    if member.may(Permission.SIGNAL_READ_ALL) or member.may(Permission.SIGNAL_INDEX):
        return Q()
    condition = Q(pk__in=[])
    own_organisation = Q(reporter_organisation=member.organisation_id)
    if member.may(Permission.SIGNAL_READ_OWN):
        condition |= own_organisation & Q(created_by=member.user_id)
    if member.may(Permission.SIGNAL_READ_ORGANISATION):
        condition |= own_organisation | routed_to(member, signal=signal)
    municipality = member.organisation.municipality_id
    if member.may(Permission.SIGNAL_READ_MUNICIPALITY) and municipality is not None:
        condition |= Q(municipality=municipality, reporter_type__in=MUNICIPAL)
    return condition


def routed_to(member: Membership, *, signal: str = "") -> Q:
    """Signals that a rule sent direct to the member's organisation (signals.routing)."""
    return Q((f"{signal}routing__service", member.organisation_id))


class SignalQuerySet(models.QuerySet["Signal"]):
    """Reads as a sentence: Signal.objects.visible_to(member).awaiting_triage().by_urgency()."""

    def visible_to(self, member: Membership) -> Self:
        """Reporters their own, officers their organisation's and what was sent to it direct, focal
        officers their municipality's, the expert centre all. The statistics service counts all, and its
        policies open neither narrative nor judgement; no more does the sweeper, which keeps the
        terms of all that is open.
        """
        if member.may(Permission.TRUE_COUNTS):
            return self.all()
        if member.may(Permission.DEADLINE_SWEEP):
            return self.filter(status__in=OPEN)
        return self.filter(readable_by(member))

    def reported_by(self, member: Membership) -> Self:
        return self.filter(created_by=member.user_id, reporter_organisation=member.organisation_id)

    def sent_direct_to(self, member: Membership) -> Self:
        """What a rule sent direct to the member's organisation."""
        return self.filter(routed_to(member))

    def of_municipality(self, member: Membership) -> Self:
        """What municipal colleagues reported about the member's own municipality."""
        municipality = member.organisation.municipality_id
        if municipality is None:
            return self.none()
        return self.filter(municipality=municipality, reporter_type__in=MUNICIPAL)

    def awaiting_triage(self) -> Self:
        """Sent one by one. Rows of a file have a queue of their own: thousands that came in at
        once would hide what was seen today.
        """
        return self.filter(status=Status.RECEIVED, import_batch=None)

    def awaiting_triage_from_files(self) -> Self:
        return self.filter(status=Status.RECEIVED, import_batch__isnull=False)

    def told_as(self, status: str) -> Self:
        """Those of which the reporter hears this status; see Signal.told_status.

        Whoever asks by what only the expert centre knows is told of nothing.
        """
        if status == Status.TRIAGE:
            return self.filter(status__in=(status, *INSIDE))
        return self.filter(status=status).exclude(status__in=INSIDE)

    def overdue_in_triage(self, lates: Iterable[TriageLate]) -> Self:
        """The clock runs, and the term is over; see signals.rules.triage_late."""
        since = F("created_at") + F("paused")
        urgent, late = Q(urgency__lte=Level.MINOR), Q(pk__in=[])
        for one in lates:
            over = urgent & Q(since__lt=one.urgent_before) | ~urgent & Q(since__lt=one.other_before)
            late |= _received_in(one.received) & over
        running = self.filter(status__in=CLOCK_RUNS, import_batch=None)
        return running.annotate(since=since).filter(late)

    def overdue_in_reading(self, lates: Iterable[Late]) -> Self:
        """A second reader has it, and the term is over; see signals.rules.readings_late."""
        readings = self.model._meta.get_field("readings").related_model._default_manager
        own = readings.filter(signal=OuterRef("pk"), status=ReadingStatus.WAITING)
        late = Q(pk__in=[])
        for one in lates:
            over = Exists(own.filter(proposed_at__lt=one.before))
            late |= _received_in(one.received) & Q(over)
        return self.filter(late, status=Status.SECOND_READING, import_batch=None)

    def forwarded_before(self, lates: Iterable[Late]) -> Self:
        """Forwarded, and no feedback yet; see signals.rules.feedback_late."""
        late = Q(pk__in=[])
        for one in lates:
            late |= _received_in(one.received) & Q(outcome_at__lt=one.before)
        return self.filter(
            late,
            status=Status.FORWARDED,
            import_batch=None,
            receiver_feedback=None,
        )

    def not_told_of(self, *terms: Term) -> Self:
        """Nobody has been told that one of these terms is over, since it began: a pause that ends
        begins it anew.
        """
        told = self.model._meta.get_field("escalations").related_model._default_manager
        return self.exclude(
            Exists(told.filter(signal=OuterRef("pk"), term__in=terms, paused=OuterRef("paused")))
        )

    def in_triage_by(self, member: Membership) -> Self:
        return self.filter(status=Status.TRIAGE, taken_up_by=member.user_id)

    def by_urgency(self) -> Self:
        """Danger and minors first, then the oldest. It sorts, it never decides."""
        return self.order_by("urgency", "created_at", "pk")

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")

    def older_than(self, at: datetime, pk: UUID) -> Self:
        """What follows after this one in `newest_first`, however many have come in since."""
        return self.filter(created_at__lte=at).exclude(created_at=at, pk__gte=pk)

    def with_form(self, form: str) -> Self:
        """Those that name this form, alone or among others; all for an empty text."""
        return self.filter(forms__contains=[form]) if form else self.all()

    def in_region(self, region: str) -> Self:
        """Those in this safety region, or from abroad; all for an empty text."""
        if region == ABROAD:
            return self.exclude(world_region="")
        return self.filter(municipality__safety_region=region) if region else self.all()

    def judged(self) -> Self:
        return self.exclude(outcome="")

    def with_names(self) -> Self:
        """Everything that a line of a list shows, in one query; no narrative, no judgement."""
        return self.select_related(
            "reporter_organisation", "municipality", "taken_up_by", "changed_by"
        )

    def with_words(self) -> Self:
        """With the sealed story and its key, in one query: for who unseals it and records that.

        Not those that were destroyed when their term was over.
        """
        return self.filter(narrative__isnull=False).select_related("narrative__key")

    def in_batch(self, batch: ImportBatch | UUID) -> Self:
        return self.filter(import_batch=batch)

    def received_in(self, start: datetime, end: datetime) -> Self:
        """From `start` until just before `end`."""
        return self.filter(created_at__gte=start, created_at__lt=end)

    def with_rows(self, profile: str, keys: Iterable[bytes]) -> Self:
        return self.filter(import_profile=profile, row_key__in=list(keys))

    def true_counts(self) -> list[TrueCount]:
        """Unprotected counts by pattern of forms, sex and age group, for the statistics service.

        Forms stand in the order of `Exploitation`, so equal sets are one pattern.
        """
        rows = self.order_by().values_list("forms", "sex", "age_group").annotate(number=Count("pk"))
        return [TrueCount(tuple(forms), sex, age, number) for forms, sex, age, number in rows]

    def true_counts_by_reporter(self) -> dict[str, int]:
        """Unprotected counts by type of the reporting organisation."""
        return dict(self.order_by().values_list("reporter_type").annotate(count=Count("pk")))


class NarrativeQuerySet(models.QuerySet["SignalNarrative"]):
    def visible_to(self, member: Membership) -> Self:
        """With the signal itself; never for the statistics service."""
        signals = self.model._meta.get_field("signal").related_model._default_manager
        return self.filter(signal__in=signals.filter(readable_by(member)))


class JudgementQuerySet(models.QuerySet["Judgement"]):
    def visible_to(self, member: Membership) -> Self:
        """The expert centre only, and who keeps the search index."""
        permissions = (Permission.SIGNAL_JUDGE, Permission.SIGNAL_INDEX)
        return self.all() if any(map(member.may, permissions)) else self.none()


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def visible_to(self, member: Membership) -> Self:
        """Who imports; the statistics service, which counts over a batch; the sweeper, which
        takes up work that stopped.
        """
        permissions = (Permission.SIGNAL_IMPORT, Permission.TRUE_COUNTS, Permission.DEADLINE_SWEEP)
        return self.all() if any(map(member.may, permissions)) else self.none()

    def under_way(self) -> Self:
        return self.filter(status__in=IMPORT_UNDER_WAY)

    def silent_since(self, moment: datetime) -> Self:
        """Under way, but without a sign of life since this moment."""
        return self.under_way().filter(moved_on__lt=moment)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")


class ImportRefusalQuerySet(models.QuerySet["ImportRefusal"]):
    def visible_to(self, member: Membership) -> Self:
        return self.all() if member.may(Permission.SIGNAL_IMPORT) else self.none()


def home_lists(signals: SignalQuerySet, member: Membership, tally: Tally) -> HomeLists:
    """The section of the home page, out of the signals that are visible to this member.

    Read it through signals.actions.list_home_signals, which records the look.
    """
    if member.may(Permission.SIGNAL_TRIAGE):
        waiting = signals.awaiting_triage()
        counts = tally.of(
            waiting=waiting,
            urgent=waiting.filter(urgency__lte=Level.MINOR),
            mine=signals.in_triage_by(member),
            reading=signals.filter(status=Status.SECOND_READING),
        )
        return HomeLists("triage", counts, _first(waiting.by_urgency()))
    if member.may(Permission.SIGNAL_READ_MUNICIPALITY):
        here = signals.of_municipality(member)
        return HomeLists("municipality", _open_and_judged(here, tally), _first(here.newest_first()))
    if member.may(Permission.SIGNAL_SUBMIT):
        own = signals.reported_by(member)
        return HomeLists("reporter", _open_and_judged(own, tally), _first(own.newest_first()))
    return HomeLists()


def _open_and_judged(signals: SignalQuerySet, tally: Tally) -> Mapping[str, int]:
    return tally.of(
        open=signals.filter(outcome=""),
        asked=signals.filter(status=Status.NEEDS_INFO),
        judged=signals.exclude(outcome=""),
    )


def _first(signals: SignalQuerySet) -> tuple[Signal, ...]:
    return tuple(signals.with_names()[:ROWS_ON_HOME])
