"""What a finding and a request must hold, who may move them, and until when: refusals in words."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from referral.lib.refusals import Refused
from referral.lib.working_days import working_days_after
from referral.organisations.models import Membership, Organisation
from referral.organisations.permissions import Permission
from referral.organisations.roles import OrganisationType
from signals.enrichment.models import Enrichment, FlowBasis, Ground, PartnerRequest, Source
from signals.enrichment.workflow import (
    LONGEST,
    NEARLY_DUE,
    PARTNER_ROLES,
    REMIND_BEFORE,
    REQUEST_MOVES,
    SHORTEST,
    Credibility,
    FindingKind,
    Reliability,
    RequestSide,
    RequestStatus,
)
from signals.models import Signal
from signals.rules import MoveRefused, SignalRefused, check_words
from signals.workflow import Status

LONGEST_FINDING = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the expert centre writes down as a finding."""

    kind: FindingKind
    text: str
    source: Source
    reliability: Reliability
    credibility: Credibility
    ground: Ground


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What a partner is asked, and what it may know to answer."""

    organisation: Organisation
    basis: FlowBasis
    purpose: str
    question: str
    facts: Sequence[str]
    working_days: int


def months_after(day: date, months: int) -> date:
    """The same day so many calendar months later; the last of the month where it has none."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def ends_on(ground: Ground, *, added: datetime) -> date:
    """The last day on which a finding may stand, counted from when it was first written down."""
    return months_after(timezone.localdate(added), ground.term_months)


def can_enrich(member: Membership, signal: Signal) -> bool:
    """Once somebody has taken the signal up, until it is closed."""
    taken = signal.status not in (Status.RECEIVED, Status.CLOSED)
    return taken and member.may(Permission.SIGNAL_JUDGE)


def check_enrich(member: Membership, signal: Signal) -> None:
    if not can_enrich(member, signal):
        raise MoveRefused(
            _("Signal %(reference)s is now “%(status)s”; this can no longer be done.")
            % {"reference": signal.reference, "status": signal.get_status_display()}
        )


def check_finding(finding: Finding, *, on: date) -> str:
    """The words of the finding. Raises SignalRefused when something is missing or lapsed."""
    for answer, row in (("source", finding.source), ("ground", finding.ground)):
        if on not in row.valid:
            raise SignalRefused({answer: _("This no longer holds. Choose another one.")})
    return check_words(
        finding.text,
        answer="text",
        empty=_("Write down what was found."),
        most=LONGEST_FINDING,
    )


def check_term(ends: date, *, today: date) -> None:
    """A ground whose term is over already can carry nothing."""
    if ends < today:
        raise SignalRefused(
            {"ground": _("Under this basis the term is over already. Choose another one.")}
        )


def can_amend(member: Membership, enrichment: Enrichment) -> bool:
    return enrichment.destroyed_at is None and member.may(Permission.SIGNAL_JUDGE)


def check_amend(member: Membership, enrichment: Enrichment) -> None:
    if not can_amend(member, enrichment):
        raise MoveRefused(_("This finding has been destroyed, because its term is over."))


def is_nearly_due(enrichment: Enrichment, *, today: date) -> bool:
    return enrichment.destroyed_at is None and enrichment.ends_on - today <= NEARLY_DUE


def can_prolong(member: Membership, enrichment: Enrichment, ground: Ground, *, today: date) -> bool:
    """Near the end of the term, and only where the regime allows it."""
    near = is_nearly_due(enrichment, today=today)
    return near and ground.prolong_months > 0 and can_amend(member, enrichment)


def check_prolong(
    member: Membership, enrichment: Enrichment, ground: Ground, *, today: date
) -> None:
    check_amend(member, enrichment)
    if not ground.prolong_months:
        raise Refused(_("%s: this basis does not allow to keep a finding longer.") % ground)
    if not is_nearly_due(enrichment, today=today):
        raise Refused(_("The term is not nearly over. Decide in its last 30 days."))


def prolonged_until(enrichment: Enrichment, ground: Ground, *, today: date) -> date:
    """Until when a finding is kept by a decision of today to keep it longer."""
    return months_after(max(enrichment.ends_on, today), ground.prolong_months)


def side_holds(member: Membership, request: PartnerRequest, side: RequestSide) -> bool:
    if side == RequestSide.CENTRE:
        return member.may(Permission.SIGNAL_TRIAGE)
    same = request.organisation_id == member.organisation_id
    return same and member.may(Permission.SIGNAL_RECEIVE)


def can_move_request(member: Membership, request: PartnerRequest, to: RequestStatus) -> bool:
    side = REQUEST_MOVES[RequestStatus(request.status)].get(to)
    return side is not None and side_holds(member, request, side)


def check_move_request(member: Membership, request: PartnerRequest, to: RequestStatus) -> None:
    if not can_move_request(member, request, to):
        raise MoveRefused(
            _("This request is now “%s”; this can no longer be done.")
            % request.get_status_display()
        )


def check_asking(asking: Asking, *, known: Sequence[str], on: date) -> None:
    """A partner of a fitting kind, under a basis that reaches it, with facts there are."""
    if OrganisationType(asking.organisation.type) not in PARTNER_ROLES:
        raise SignalRefused(
            {"organisation": _("This organisation cannot be asked for information.")}
        )
    check_flow(asking.organisation, asking.basis, on=on)
    if not set(asking.facts) <= set(known):
        raise SignalRefused({"facts": _("Choose facts from the list.")})
    if not SHORTEST <= asking.working_days <= LONGEST:
        raise SignalRefused(
            {
                "working_days": _("Give between %(least)s and %(most)s working days.")
                % {"least": SHORTEST, "most": LONGEST}
            }
        )


def check_flow(receiver: Organisation, basis: FlowBasis, *, on: date) -> None:
    """Whether this basis lets something of a signal go to this kind of organisation."""
    if on not in basis.valid:
        raise SignalRefused({"basis": _("This no longer holds. Choose another one.")})
    if receiver.type not in basis.receiver_types:
        raise SignalRefused(
            {"basis": _("This basis does not reach %s. Choose another one.") % receiver.name}
        )


def request_due(at: datetime, working_days: int) -> date:
    """The last day on which an answer is in time."""
    return working_days_after(timezone.localdate(at), working_days)


def remind_until(today: date) -> date:
    """Requests due on this day or before have so few working days left that a word helps."""
    return working_days_after(today, REMIND_BEFORE)
