"""What is seen over many signals: notes of analysts, and the counts of a month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import CharField, Count, F, Func
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.access.secrets import new_data_key, seal, unseal
from referral.audit.actions import record
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from signals.deliberation.models import (
    Axis,
    Meeting,
    Participant,
    TrendCount,
    TrendLink,
    TrendNote,
)
from signals.deliberation.rules import check_trend, hide_small
from signals.deliberation.workflow import TrendStatus
from signals.models import Signal
from signals.querysets import ABROAD, SignalQuerySet
from signals.rules import LONGEST_MOTIVATION, MoveRefused, SignalRefused, check_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """What an analyst writes down of a phenomenon."""

    title: str
    period: DateRange
    forms: Sequence[str]
    regions: Sequence[str]
    text: str
    signals: Sequence[Signal] = ()


@dataclass(frozen=True, slots=True)
class OpenedTrend:
    """A note in words; the signals only where this member may know them."""

    note: TrendNote
    text: str
    signals: list[Signal]


@transaction.atomic
def write_trend(
    trend: Trend, *, note: TrendNote | None = None, by: Membership, at: datetime
) -> TrendNote:
    """Write a note, or a draft of one anew; who takes part in deliberations sees it later."""
    if not by.may(Permission.SIGNAL_JUDGE):
        raise MoveRefused(_("The analysts of the expert centre write about trends."))
    text = check_words(
        trend.text, answer="text", empty=_("Write down what you see."), most=LONGEST_MOTIVATION
    )
    if note is None:
        note = TrendNote(key=new_data_key(), written_by=by.user)
        is_new = True
    else:
        note = _lock(note, by=by)
        check_trend(note, TrendStatus.PUBLISHED)
        is_new = False
    note.title, note.period, note.written_at = trend.title, trend.period, at
    note.forms, note.regions = list(trend.forms), list(trend.regions)
    note.sealed = seal({"text": text}, key=note.key, about=about(note.pk))
    note.save(force_insert=is_new, force_update=not is_new)
    TrendLink.objects.visible_to(by).filter(note=note).delete()
    TrendLink.objects.bulk_create(TrendLink(note=note, signal=signal) for signal in trend.signals)
    record("trend_written", by=by, at=at, on=note, ids=[signal.pk for signal in trend.signals])
    return note


@transaction.atomic
def publish_trend(note: TrendNote, *, by: Membership, at: datetime) -> TrendNote:
    """Everybody who takes part in deliberations reads it from now on."""
    note = _lock(note, by=by)
    check_trend(note, TrendStatus.PUBLISHED)
    note.status, note.published_at, note.published_by = TrendStatus.PUBLISHED, at, by.user
    note.save(update_fields=["status", "published_at", "published_by"])
    record("trend_published", by=by, at=at, on=note)
    _tell_participants(note, by=by, at=at)
    return note


def _tell_participants(note: TrendNote, *, by: Membership, at: datetime) -> None:
    """Those of the newest meeting hear of it; others find it on the page of trends."""
    newest = Meeting.objects.visible_to(by).newest_first()[:1].values("pk")
    invited = Participant.objects.visible_to(by).filter(meeting__in=newest)
    people = [one.member for one in invited.select_related("member__user", "member__organisation")]
    post_many(
        [
            Letter(kind=Kind.TREND_PUBLISHED, to=p.organisation, user=p.user, on=note)
            for p in people
        ],
        at=at,
    )


@transaction.atomic
def withdraw_trend(note: TrendNote, *, by: Membership, at: datetime) -> TrendNote:
    """Nobody outside the expert centre reads it any more."""
    note = _lock(note, by=by)
    check_trend(note, TrendStatus.WITHDRAWN)
    note.status = TrendStatus.WITHDRAWN
    note.save(update_fields=["status"])
    record("trend_withdrawn", by=by, at=at, on=note)
    return note


@transaction.atomic
def open_trend(note: TrendNote, *, by: Membership, at: datetime) -> OpenedTrend:
    """Read a note; the look is recorded."""
    found = TrendNote.objects.visible_to(by).select_related("key", "written_by")
    note = found.get(pk=note.pk)
    links = TrendLink.objects.visible_to(by).filter(note=note).select_related("signal")
    signals = [link.signal for link in links.order_by("signal__reference")]
    record("trend_opened", by=by, at=at, on=note, ids=[signal.pk for signal in signals])
    said = unseal(bytes(note.sealed), key=note.key, about=about(note.pk))
    return OpenedTrend(note, str(said["text"]), signals)


def _lock(note: TrendNote, *, by: Membership) -> TrendNote:
    found = TrendNote.objects.visible_to(by).select_related("key")
    return found.select_for_update(of=["self"]).get(pk=note.pk)


class Each(Func):
    """Every element of a list as a row of its own."""

    function = "unnest"
    set_returning = True


def count_months(signals: SignalQuerySet, axis: Axis) -> dict[date, dict[str, int]]:
    """Unprotected counts by month and code of the axis, for who reads every signal.

    A signal that names two forms counts under both.
    """
    by_axis = {
        Axis.FORM: Each(F("forms"), output_field=CharField()),
        Axis.REGION: F("municipality__safety_region"),
        Axis.REPORTER: F("reporter_type"),
    }
    asked = signals.order_by().annotate(month=TruncMonth("created_at"))
    if axis == Axis.ALL:
        rows = [(month, "", n) for month, n in asked.values_list("month").annotate(n=Count("pk"))]
    else:
        coded = asked.annotate(code=by_axis[axis])
        rows = list(coded.values_list("month", "code").annotate(n=Count("pk")))
    counts: dict[date, dict[str, int]] = {}
    for month, code, number in rows:
        name = ABROAD if code is None else code
        counts.setdefault(timezone.localdate(month), {})[name] = number
    return counts


@transaction.atomic
def publish_counts(*, month: date, by: Membership, at: datetime) -> list[TrendCount]:
    """Tell the counts of a month that is over, without what is small; once."""
    if not by.may(Permission.DELIBERATION_PREPARE):
        raise MoveRefused(_("The coordinator of the expert centre publishes the counts."))
    if month >= timezone.localdate(at).replace(day=1):
        raise SignalRefused({"month": _("Choose a month that is over.")})
    if TrendCount.objects.visible_to(by).filter(month=month).exists():
        raise SignalRefused({"month": _("The counts of this month have been published.")})

    came_in = Signal.objects.visible_to(by).filter(
        created_at__date__gte=month, created_at__date__lt=month_after(month)
    )
    rows = [
        TrendCount(
            month=month, axis=axis, code=code, number=told, published_at=at, published_by=by.user
        )
        for axis in Axis
        for code, told in hide_small(_of_month(came_in, axis, month)).items()
    ]
    TrendCount.objects.bulk_create(rows)
    record("trend_counts_published", by=by, at=at, details={"month": month.isoformat()})
    return rows


def _of_month(signals: SignalQuerySet, axis: Axis, month: date) -> dict[str, int]:
    found = count_months(signals, axis).get(month, {})
    return found or ({"": 0} if axis == Axis.ALL else {})


@transaction.atomic(savepoint=False)
def count_signals(
    signals: SignalQuerySet, axis: Axis, *, by: Membership, at: datetime
) -> dict[date, dict[str, int]]:
    """The unprotected counts on the screen of the expert centre; the look is recorded."""
    record("signals_counted", by=by, at=at)
    return count_months(signals, axis)


def told_counts(found: Iterable[TrendCount]) -> dict[date, dict[str, int | None]]:
    """Published counts by month and code."""
    counts: dict[date, dict[str, int | None]] = {}
    for row in found:
        counts.setdefault(row.month, {})[row.code] = row.number
    return counts


def month_after(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def about(pk: UUID) -> str:
    """What a sealed note says it is about; elsewhere it does not open."""
    return f"deliberation_trendnote|{pk}|1"
