"""What may be done with a file of residence, and what follows: each refusal in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from referral.lib.refusals import Refused
from referral.lib.terms import end_of_term
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.residence.models import (
    Deadline,
    DeadlineKind,
    Ground,
    NonPunishment,
    NoReport,
    PoliceReport,
    Reflection,
    ResidenceFile,
    Step,
    TermCode,
    TermLength,
    Track,
)
from referral.residence.workflow import (
    CASE_FELL_AWAY,
    REFLECTION_MOVES,
    REPORT_MOVES,
    TRACK_MOVES,
    WITH_PERMIT,
    Line,
    ReflectionStatus,
    ReportStatus,
    Side,
    TrackStatus,
)

#: Before its last day a term is told of so many days ahead (domain description 2.5).
ALERT_DAYS = (30, 14, 7, 1, 0)
#: In months: no permit for a fixed time is given for longer (Vw 2000, art. 14).
LONGEST_PERMIT = 60
#: Nothing of a file lies further back.
EARLIEST = date(2000, 1, 1)


class MoveRefused(Refused, PermissionDenied):
    """The table does not know this move, or it is somebody else's to make."""


class ResidenceRefused(Refused):
    """What was entered cannot be; the words say why."""

    def __init__(self, text: str, **reasons: str) -> None:
        super().__init__(text)
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Decision:
    """What the immigration service decided, and from when until when a permit holds."""

    on: date
    ground: str = ""
    statement_seen: bool = False
    permit_from: date | None = None
    permit_to: date | None = None
    continued_ground: str = ""


@dataclass(frozen=True, slots=True)
class Permit:
    """A permit that was given before the one that the track shows."""

    decided_on: date
    ends_on: date
    ground: str


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """One step of a police report: its day, and what only the service keeps."""

    on: date
    informed_on: date | None = None
    no_report: str = ""
    non_punishment: str = NonPunishment.NOT_ASKED


MOVES: dict[Line, dict[str, dict[str, Side]]] = {
    Line.REFLECTION: {
        str(a): {str(b): s for b, s in m.items()} for a, m in REFLECTION_MOVES.items()
    },
    Line.TRACK: {str(a): {str(b): s for b, s in m.items()} for a, m in TRACK_MOVES.items()},
    Line.REPORT: {str(a): {str(b): s for b, s in m.items()} for a, m in REPORT_MOVES.items()},
}
#: What a member must hold to make the move of a side; the organisation alone is not enough.
HELD_BY = {
    (Line.REFLECTION, Side.POLICE): Permission.REFLECTION_OFFER,
    (Line.TRACK, Side.POLICE): Permission.REFLECTION_OFFER,
    (Line.TRACK, Side.IMMIGRATION): Permission.RESIDENCE_DECIDE,
    (Line.REPORT, Side.POLICE): Permission.REPORT_KEEP,
}


def moves_of(member: Membership, file: ResidenceFile, line: Line, status: str) -> list[str]:
    """To which statuses this member may move the line now."""
    side = file.side_of(member)
    if side is None or not member.may(HELD_BY.get((line, side), Permission.DEADLINE_SWEEP)):
        return []
    return [goal for goal, mover in MOVES[line][status].items() if mover == side]


def check_move(member: Membership, file: ResidenceFile, line: Line, status: str, to: str) -> None:
    if to not in moves_of(member, file, line, status):
        raise MoveRefused(_("This step cannot be made now, or it is not yours to make."))


def check_day(day: date, *, today: date, after: date | None = None, name: str = "on") -> date:
    """A day on which something happened: not ahead, and not before what came first."""
    if day > today:
        words = _("This day has not come yet. Write down what has happened.")
        raise ResidenceRefused(words, **{name: words})
    if day < (after or EARLIEST):
        words = _("This day lies before an earlier step of this file.")
        raise ResidenceRefused(words, **{name: words})
    return day


def check_begin(reflection: Reflection, starts_on: date, *, today: date) -> None:
    """The day on form M55; B8/3.1 Vc gives the period once, for persons who were granted it."""
    if reflection.starts_on is not None:
        raise ResidenceRefused(_("A reflection period is given once and is not extended."))
    check_day(starts_on, today=today, after=reflection.offered_on, name="on")


def check_decision(to: TrackStatus, decision: Decision, *, track: Track) -> None:
    """A permit says on which ground and from when; ground d asks for a statement (Vb 3.48)."""
    if to == TrackStatus.GRANTED:
        if decision.ground not in Ground.values:
            words = _("Say on which ground the permit is given.")
            raise ResidenceRefused(words, ground=words)
        if decision.ground == Ground.D and not decision.statement_seen:
            words = _("Ground d needs a statement of the police, and evidence or minority.")
            raise ResidenceRefused(words, statement_seen=words)
        _check_permit(decision)
    if to == TrackStatus.REVOKED and track.permit_from is None:
        raise MoveRefused(_("No permit was given that could be revoked."))
    if to == TrackStatus.CONTINUED_GRANTED and not decision.continued_ground:
        words = _("Say on which ground continued stay is given.")
        raise ResidenceRefused(words, continued_ground=words)
    if track.decided_on is not None and decision.on < track.decided_on:
        words = _("This day lies before the last decision.")
        raise ResidenceRefused(words, on=words)


def _check_permit(decision: Decision) -> None:
    if decision.permit_from is None:
        words = _("Say from which day the permit holds.")
        raise ResidenceRefused(words, permit_from=words)
    if decision.permit_to is not None and decision.permit_to <= decision.permit_from:
        words = _("The permit ends before it begins.")
        raise ResidenceRefused(words, permit_to=words)
    if decision.permit_to is not None and decision.permit_to > end_of_term(
        decision.permit_from, months=LONGEST_PERMIT
    ):
        words = _("A permit holds for five years at most. Check the last day.")
        raise ResidenceRefused(words, permit_to=words)


def check_report(to: ReportStatus, facts: ReportFacts, *, today: date) -> None:
    told = facts.informed_on
    if told and told > today:
        words = _("This day has not come yet. Write down what has happened.")
        raise ResidenceRefused(words, informed_on=words)
    if told and told < facts.on and to != ReportStatus.TALK_PLANNED:
        words = _("The person cannot have been told before it happened.")
        raise ResidenceRefused(words, informed_on=words)
    if to == ReportStatus.NOT_REPORTED and facts.no_report not in NoReport.values:
        words = _("Choose why the person does not report. This stays with your service.")
        raise ResidenceRefused(words, no_report=words)


def alerts_due(ends_on: date, *, today: date, told: Iterable[int]) -> list[int]:
    """Which numbers of days are reached and not told of, the furthest first.

    After the clock stood still there are several: the last one is told, all are written down.
    """
    left = (ends_on - today).days
    return [days for days in ALERT_DAYS if left <= days and days not in set(told)]


def reporting_day(reflection: Reflection, number: int, length: TermLength) -> date | None:
    """The reporting day of a period by its number; None when the period is over by then."""
    if reflection.starts_on is None or reflection.ends_on is None:
        return None
    day = end_of_term(
        reflection.starts_on, months=length.months * number, days=length.days * number
    )
    return day if day < reflection.ends_on else None


def continued_stay_from(
    track: Track, steps: Sequence[Step], lengths: dict[str, TermLength]
) -> date | None:
    """From which day the time on a permit is enough to ask for continued stay (Vb 3.51)."""
    granted = [s for s in steps if s.line == Line.TRACK and s.status == TrackStatus.GRANTED]
    code = TermCode.CONTINUED_STAY_D if track.ground == Ground.D else TermCode.CONTINUED_STAY
    length = lengths.get(code)
    if not granted or length is None or track.status not in WITH_PERMIT:
        return None
    return end_of_term(granted[0].happened_on, months=length.months, days=length.days)


def earlier_permits(steps: Sequence[Step], ends: Iterable[Deadline]) -> list[Permit]:
    """All but the last: each grant kept one step and set one last day, in the same order."""
    granted = [s for s in steps if s.line == Line.TRACK and s.status == TrackStatus.GRANTED]
    granted.sort(key=lambda step: (step.recorded_at, step.pk))
    pairs = list(zip(granted, sorted(ends, key=lambda end: end.pk), strict=False))
    return [
        Permit(step.happened_on, end.ends_on, str(Ground(step.code).label))
        for step, end in pairs[:-1]
    ]


def loses_its_ground(track: Track, to: ReportStatus) -> bool:
    """Whether the permit leans on a criminal case that this step ends (B8/3 Vc)."""
    leaning = (Ground.A, Ground.B, Ground.C)
    return to in CASE_FELL_AWAY and track.status in WITH_PERMIT and track.ground in leaning


def what_follows(reflection: Reflection, track: Track, report: PoliceReport | None) -> list[str]:
    """What the law lets follow from how the lines stand now, in sentences with their source."""
    found = []
    if reflection.status == ReflectionStatus.RUNNING:
        found.append(
            _("The departure is suspended while the period runs; it is not extended (B8/3.1 Vc).")
            if reflection.suspended_on
            else _("The immigration service must still suspend the departure (B8/3.1 Vc).")
        )
    over = (ReflectionStatus.EXPIRED, ReflectionStatus.ENDED)
    if reflection.status in over and track.status == TrackStatus.REFLECTION:
        found.append(
            _("The period is over and no next residence is known. Agree today who finds it.")
        )
    if track.ground_fell_on is not None and track.status in WITH_PERMIT:
        found += [
            _(
                "The criminal case on which the permit leans has ended: it may be revoked (B8/3 Vc)."
            ),
            _(
                "Continued stay can be asked for: after a conviction, after long enough on the permit, or in special circumstances (Vb 3.51)."
            ),
        ]
    if report is not None and report.status == ReportStatus.DISMISSED:
        found.append(
            _(
                "Who reported may complain to the court (art. 12 Sv). The outcome may not be awaited on the permit: older text, check it."
            )
        )
    if track.status in (TrackStatus.REJECTED, TrackStatus.REVOKED):
        found.append(_("An objection must be lodged before its last day; a lawyer does that."))
    if track.status == TrackStatus.GRANTED and track.ground == Ground.D:
        found.append(
            _("Ground d: no report is needed as long as the threat or the condition lasts.")
        )
    return found


@dataclass(frozen=True, slots=True)
class Next:
    """What must happen now, who has it, and before which day."""

    step: str
    side: Side
    due: date | None = None


def next_step(
    reflection: Reflection,
    track: Track,
    report: PoliceReport | None,
    deadlines: Sequence[Deadline],
) -> Next | None:
    """The first thing that a file waits for: a decision, the period, or the report."""
    days = {deadline.kind: deadline.ends_on for deadline in deadlines}
    if track.ground_fell_on is not None and track.status == TrackStatus.GRANTED:
        return Next(_("Look at the permit again"), Side.IMMIGRATION)
    decisions = {
        TrackStatus.APPLIED: (_("Decide on the M55"), DeadlineKind.DECISION),
        TrackStatus.RENEWAL: (_("Decide on the renewal"), DeadlineKind.PERMIT_END),
        TrackStatus.OBJECTION: (_("Decide on the objection"), None),
        TrackStatus.CONTINUED_APPLIED: (_("Decide on continued stay"), None),
    }
    if track.status in decisions:
        step, kind = decisions[TrackStatus(track.status)]
        return Next(step, Side.IMMIGRATION, days.get(kind) if kind else None)
    return _step_of_the_period(reflection, track, days) or _step_of_the_report(report)


def _step_of_the_period(
    reflection: Reflection, track: Track, days: Mapping[str, date]
) -> Next | None:
    offers = {
        ReflectionStatus.NOT_OFFERED: _("Offer the reflection period"),
        ReflectionStatus.OFFERED: _("Write down the answer of the person"),
        ReflectionStatus.GRANTED: _("Send form M55 and begin the period"),
    }
    if track.status == TrackStatus.NONE and reflection.status in offers:
        return Next(offers[ReflectionStatus(reflection.status)], Side.POLICE)
    if reflection.status == ReflectionStatus.RUNNING:
        if day := days.get(DeadlineKind.REPORTING_DAY):
            return Next(_("See the person on the reporting day"), Side.POLICE, day)
        end = days.get(DeadlineKind.REFLECTION_END)
        return Next(_("Hear whether the person reports or cooperates"), Side.POLICE, end)
    if track.status == TrackStatus.REFLECTION:
        return Next(_("Send form M55, or write down what comes next"), Side.POLICE)
    return None


def _step_of_the_report(report: PoliceReport | None) -> Next | None:
    if report is not None and report.status == ReportStatus.CONSIDERING:
        return Next(_("Ask whether the person wants to report"), Side.POLICE)
    return None


def soon(today: date) -> date:
    """Until which day a term ends soon."""
    return today + timedelta(days=max(ALERT_DAYS))
