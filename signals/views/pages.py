"""What the pages of a signal show, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from signals.actions import OpenedSignal
from signals.models import Signal
from signals.rules import can_judge, can_move, triage_due, urgency_reasons
from signals.workflow import JUDGED, Status


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, for the timeline."""

    at: datetime
    label: str
    by: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A signal in the triage queue: why it stands there, and until when."""

    signal: Signal
    reasons: str
    due: datetime | None


@dataclass(frozen=True, slots=True)
class NextStep:
    """What has to happen, and who has it."""

    step: str
    owner: str
    due: datetime | None = None
    mine: bool = False


def queue_lines(signals: Iterable[Signal]) -> list[Line]:
    return [
        Line(
            signal,
            ", ".join(urgency_reasons(signal)),
            triage_due(signal) if signal.status == Status.RECEIVED else None,
        )
        for signal in signals
    ]


def signal_page(opened: OpenedSignal, member: Membership) -> dict[str, Any]:
    """Everything that the page of one signal shows to this member."""
    signal, inside = opened.signal, member.may(Permission.SIGNAL_TRIAGE)
    return {
        "opened": opened,
        "signal": signal,
        "inside": inside,
        "facts": facts(signal),
        "details": [(name.replace("_", " "), words(said)) for name, said in opened.details.items()],
        "timeline": timeline(opened, inside=inside),
        "next": next_step(signal, member, inside=inside),
        "reasons": ", ".join(urgency_reasons(signal)),
        "can_take_up": can_move(member, signal, Status.TRIAGE),
        "can_judge": can_judge(member, signal),
        "can_close": can_move(member, signal, Status.CLOSED),
        "may_register": not inside and member.may(Permission.REGISTRATION_SUBMIT),
    }


def facts(signal: Signal) -> list[tuple[str, str]]:
    """The coded answers, label and value; an empty value is unknown."""
    return [
        (_("What happens"), ", ".join(signal.form_labels)),
        (_("Where"), place(signal)),
        (_("Kind of place"), signal.get_place_kind_display()),
        (_("When"), period(signal)),
        (_("Number of presumed victims"), str(signal.n_victims or "")),
        (_("Age"), signal.get_age_group_display()),
        (_("Sex"), signal.get_sex_display()),
        (_("Acute danger"), _("Yes") if signal.danger else _("No")),
        (_("Reported by"), signal.reporter_organisation.name),
        (_("Came in by"), signal.get_channel_display()),
    ]


def place(signal: Signal) -> str:
    if signal.municipality is not None:
        return str(signal.municipality)
    return _("Abroad: %s") % signal.get_world_region_display()


def period(signal: Signal) -> str:
    """The days seen, as a day, or from the first until the last."""
    if signal.observed is None:
        return ""
    first, after = signal.observed.lower, signal.observed.upper
    last = after.fromordinal(after.toordinal() - 1)
    if first == last:
        return f"{first:%d-%m-%Y}"
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return str(first.year) if first.year == last.year else f"{first.year}-{last.year}"
    return f"{first:%d-%m-%Y} – {last:%d-%m-%Y}"


def words(said: object) -> str:
    return ", ".join(map(str, said)) if isinstance(said, list) else str(said)


def timeline(opened: OpenedSignal, *, inside: bool) -> list[Entry]:
    """What happened, newest first. Who at the expert centre did it, only they read."""
    signal = opened.signal
    entries = [Entry(signal.created_at, _("Received"), signal.reporter_organisation.name)]
    if signal.taken_up_at:
        who = str(signal.taken_up_by) if inside else ""
        entries.append(Entry(signal.taken_up_at, _("Taken up by the expert centre"), who))
    if signal.outcome_at:
        judge = str(opened.judgement.judged_by) if opened.judgement else ""
        entries.append(Entry(signal.outcome_at, signal.get_outcome_display(), judge))
    if signal.closed_at:
        entries.append(
            Entry(signal.closed_at, _("Closed"), str(signal.closed_by) if inside else "")
        )
    return entries[::-1]


def next_step(signal: Signal, member: Membership, *, inside: bool) -> NextStep | None:
    """The next step and who has it; None when nothing more is to be done."""
    centre = _("the expert centre (EMM)")
    if signal.status == Status.RECEIVED:
        return NextStep(_("Take up this signal"), centre, triage_due(signal), mine=inside)
    if signal.status == Status.TRIAGE:
        owner = str(signal.taken_up_by) if inside else centre
        return NextStep(_("Judge this signal"), owner, mine=can_judge(member, signal))
    if signal.status in JUDGED:
        owner = str(signal.taken_up_by) if inside else centre
        return NextStep(
            _("Close this signal when nothing more is to be done"),
            owner,
            mine=can_move(member, signal, Status.CLOSED),
        )
    return None
