"""Risks and the checklist: what was found, and what was seen to. Nothing of it is changed later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from referral.audit.actions import Line, record, record_many
from referral.cases.actions.notes import key_of
from referral.cases.models import Case
from referral.cases.planning.actions.holding import hold_to_write
from referral.cases.planning.models import (
    ChecklistItem,
    ChecklistMark,
    Mark,
    RiskAssessment,
    RiskFactor,
    RiskLevel,
    SkipReason,
    TermCode,
)
from referral.cases.planning.rules import (
    check_mark,
    check_risk,
    check_words,
    mark_of_line,
    mark_of_risk,
    terms_on,
)
from referral.lib.moments import When, moments
from referral.lib.versions import Version, check_seen
from referral.organisations.models import Membership


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """How unsafe the person is, from what it comes, why, and when to look again."""

    case: Case
    level: str
    factors: Sequence[str]
    words: str
    review_on: date | None
    #: The assessment that held when the page was opened; see referral.lib.versions.
    seen: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """What is said of one line of the checklist in one case."""

    case: Case
    code: str
    mark: str = Mark.DONE
    reason: str = ""
    #: What the page showed of the line; see referral.lib.versions.
    seen: str | None = None


@transaction.atomic
def assess_risk(found: Assessment, *, by: Membership, at: datetime) -> RiskAssessment:
    """A new assessment takes the place of the one before, which stays to be read."""
    held = hold_to_write([found.case], by=by)[found.case.pk]
    check_seen(mark_of_risk(newest_risk(held, by=by)), found.seen)
    today = timezone.localdate(at)
    latest = terms_on(today, by=by)[TermCode.RISK_REVIEW].after(today)
    review = check_risk(found.level, found.factors, found.review_on, today=today, latest=latest)
    risk = RiskAssessment(
        case=held,
        level=RiskLevel(found.level),
        factors=[RiskFactor(one).value for one in found.factors],
        assessed_on=today,
        review_on=review,
        written_at=at,
        written_by=by.user,
    )
    risk.seal_words(check_words(found.words, _("Explain it.")), key=key_of(held))
    risk.save(force_insert=True)
    record("risk_assessed", on=held, by=by, at=at, ids=[risk.pk], details={"level": risk.level})
    return risk


def newest_risk(case: Case, *, by: Membership) -> RiskAssessment | None:
    """The assessment that holds, without its words."""
    return RiskAssessment.objects.visible_to(by).filter(case=case).newest_first().first()


@transaction.atomic(savepoint=False)
def read_newest_risk(case: Case, *, by: Membership, at: datetime) -> Version:
    """The assessment that holds, in words, for who was writing another; the look is recorded."""
    found = RiskAssessment.objects.visible_to(by).filter(case=case).newest_first()
    risk = found.select_related("case__person__key", "written_by")[0]
    record("risk_read", on=case, by=by, at=at, ids=[risk.pk])
    lines = [
        (_("How unsafe is the person now?"), str(risk.get_level_display())),
        (_("What does the risk come from?"), ", ".join(risk.factor_labels)),
        (_("Explain it"), risk.opened_words(key=key_of(risk.case))),
        (_("Look again before which day?"), date_format(risk.review_on)),
    ]
    return Version(mark_of_risk(risk), lines, by=str(risk.written_by), at=risk.written_at)


def tick_line(tick: Tick, *, by: Membership, at: datetime) -> ChecklistMark:
    """One line; see tick_lines."""
    return tick_lines([tick], by=by, at=at)[0]


@transaction.atomic
def tick_lines(ticks: Sequence[Tick], *, by: Membership, at: When) -> list[ChecklistMark]:
    """These lines are done, do not apply for a reason, or are open again after all."""
    times = moments(at, len(ticks))
    held = hold_to_write([tick.case for tick in ticks], by=by)
    lines = ChecklistItem.objects.visible_to(by).in_force(timezone.localdate())
    codes = set(lines.values_list("code", flat=True))
    for tick in ticks:
        check_mark(tick.code, tick.mark, tick.reason, codes=codes)
    _check_ticks_seen([tick for tick in ticks if tick.seen is not None], by=by)
    marks = ChecklistMark.objects.bulk_create(
        [
            ChecklistMark(
                case=held[tick.case.pk],
                code=tick.code,
                mark=Mark(tick.mark),
                reason=SkipReason(tick.reason) if tick.reason else "",
                marked_on=timezone.localdate(moment),
                written_at=moment,
                written_by=by.user,
            )
            for tick, moment in zip(ticks, times, strict=True)
        ],
        batch_size=1000,
    )
    trail = [
        Line(
            action="checklist_ticked",
            on=mark.case,
            ids=[mark.pk],
            at=mark.written_at,
            details={"line": mark.code, "mark": mark.mark},
        )
        for mark in marks
    ]
    record_many(trail, by=by, at=timezone.now())
    return marks


def _check_ticks_seen(ticks: Sequence[Tick], *, by: Membership) -> None:
    """Nobody ticks a line of which a colleague said something that the page did not show."""
    if not ticks:
        return
    marks = ChecklistMark.objects.visible_to(by).filter(case__in={tick.case for tick in ticks})
    said = {(mark.case_id, mark.code): mark for mark in marks.latest_of_each()}
    for tick in ticks:
        check_seen(mark_of_line(said.get((tick.case.pk, tick.code))), tick.seen)
