"""What comes of decisions: done by who handles the signal, reminded of when the day has come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.access.secrets import seal, unseal
from referral.audit.actions import record
from referral.notices.actions import post
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.permissions import Permission
from referral.organisations.roles import OrganisationType, Role
from signals.deliberation.actions.deciding import motivation_of
from signals.deliberation.models import FollowUp, Meeting, Pack
from signals.deliberation.rules import check_finish
from signals.deliberation.workflow import FollowUpStatus, PackStatus
from signals.models import Signal
from signals.rules import check_words

ROWS_ON_HOME = 5


@dataclass(frozen=True, slots=True)
class OpenedFollowUp:
    """A follow-up with why it was decided, and what was done."""

    follow_up: FollowUp
    motivation: str
    remark: str


@dataclass(frozen=True, slots=True)
class HomeDeliberation:
    """What the home page shows: the next meeting, the own papers, and what is to be followed up."""

    kind: str = ""
    meeting: Meeting | None = None
    pack: Pack | None = None
    follow_ups: list[FollowUp] = field(default_factory=list)
    today: date | None = None


@transaction.atomic
def finish_follow_up(follow_up: FollowUp, *, remark: str, by: Membership, at: datetime) -> FollowUp:
    """Who handles the signal says what was done with the decision."""
    found = FollowUp.objects.visible_to(by).with_names().select_for_update(of=["self"])
    follow_up = found.get(pk=follow_up.pk)
    check_finish(by, follow_up)
    remark = check_words(remark, answer="remark", empty=_("Write down what was done."))

    key = follow_up.decision.item.proposal.key
    follow_up.remark = seal({"remark": remark}, key=key, about=about(follow_up.pk))
    follow_up.status = FollowUpStatus.DONE
    follow_up.done_at, follow_up.done_by = at, by.user
    follow_up.save(update_fields=["status", "remark", "done_at", "done_by"])
    record("follow_up_done", by=by, at=at, on=follow_up, ids=[follow_up.signal_id])
    return follow_up


@transaction.atomic
def open_follow_up(follow_up: FollowUp, *, by: Membership, at: datetime) -> OpenedFollowUp:
    """Read why something is to be done, and what was done."""
    found = FollowUp.objects.visible_to(by).with_names()
    follow_up = found.select_related("decision__receiver", "done_by").get(pk=follow_up.pk)
    record("follow_up_opened", by=by, at=at, on=follow_up, ids=[follow_up.signal_id])
    item, remark = follow_up.decision.item, ""
    if follow_up.remark is not None:
        said = unseal(bytes(follow_up.remark), key=item.proposal.key, about=about(follow_up.pk))
        remark = str(said["remark"])
    return OpenedFollowUp(follow_up, motivation_of(follow_up.decision, item), remark)


@transaction.atomic(savepoint=False)
def list_follow_ups(found: Iterable[FollowUp], *, by: Membership, at: datetime) -> list[FollowUp]:
    """One page of a list that was scoped by visible_to; the trail gets the signals shown."""
    rows = list(found)
    record("follow_ups_listed", by=by, at=at, ids=[row.signal_id for row in rows])
    return rows


@transaction.atomic
def remind_of_follow_ups(*, by: Membership, at: datetime) -> int:
    """Tell who handles a signal, once, that the day of its follow-up has come."""
    due = FollowUp.objects.visible_to(by).due_on(timezone.localdate(at)).filter(reminded_at=None)
    late = list(due.order_by("pk").select_for_update(of=["self"], skip_locked=True))
    centre = Organisation.objects.of_type(OrganisationType.EMM).get() if late else None
    # The sweeper sees open signals; of a closed one the coordinator hears.
    signals = Signal.objects.visible_to(by).select_related("taken_up_by")
    known = signals.in_bulk([one.signal_id for one in late])
    for follow_up in late:
        follow_up.reminded_at = at
        follow_up.save(update_fields=["reminded_at"])
        signal = known.get(follow_up.signal_id)
        record("follow_up_reminded", by=by, at=at, on=follow_up)
        assert centre is not None  # noqa: S101 -- something is late
        post(
            Kind.FOLLOW_UP_DUE,
            to=centre,
            user=signal.taken_up_by if signal else None,
            role=None if signal else Role.EMM_COORDINATOR,
            on=follow_up,
            at=at,
        )
    return len(late)


@transaction.atomic(savepoint=False)
def list_home_deliberation(*, by: Membership, at: datetime) -> HomeDeliberation:
    """The section of the home page, by what the member has to do with deliberations."""
    inside = by.may(Permission.SIGNAL_JUDGE)
    if not inside and not by.may(Permission.DELIBERATION_ATTEND):
        return HomeDeliberation()
    meeting = Meeting.objects.visible_to(by).to_come().with_names().first()
    pack = follow_ups = None
    if inside:
        mine = FollowUp.objects.visible_to(by).open().owned_by(by)
        follow_ups = list(mine.first_due().with_names()[:ROWS_ON_HOME])
    elif meeting is not None:
        ready = Pack.objects.visible_to(by).filter(status=PackStatus.READY)
        own = meeting.participants.of(by)
        pack = ready.filter(participant__in=own).first()
    if follow_ups:
        record("follow_ups_listed", by=by, at=at, ids=[one.signal_id for one in follow_ups])
    shown = meeting is not None or follow_ups
    kind = ("inside" if inside else "participant") if shown else ""
    return HomeDeliberation(kind, meeting, pack, follow_ups or [], timezone.localdate(at))


def about(pk: UUID) -> str:
    """What a sealed remark says it is about; elsewhere it does not open."""
    return f"deliberation_followup|{pk}|1"
