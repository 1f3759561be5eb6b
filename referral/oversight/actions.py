"""Reading notices and looking at the trail; both are themselves written in the trail."""

from datetime import datetime

from django.db import transaction

from referral.audit.actions import record
from referral.audit.models import AuditEvent, Seal
from referral.audit.rules import Report
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.notices.models import Delivery
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import Role
from referral.oversight.querysets import Opening, openings_of

#: Lines of the trail on one page.
PAGE = 50


@transaction.atomic(savepoint=False)
def list_notices(*, by: Membership, at: datetime, limit: int = 100) -> list[Delivery]:
    """The newest notices of this member; the look itself is recorded."""
    deliveries = list(
        Delivery.objects.visible_to(by)
        .in_inbox()
        .filter(user=by.user_id)
        .select_related("notice")
        .order_by("-pk")[:limit]
    )
    record("notices_listed", by=by, at=at, ids=[delivery.notice_id for delivery in deliveries])
    return deliveries


@transaction.atomic
def read_notice(delivery: Delivery, *, by: Membership, at: datetime) -> Delivery:
    """The reader has seen this notice; seen twice, the first time counts."""
    delivery = (
        Delivery.objects.visible_to(by)
        .in_inbox()
        .select_for_update(of=["self"])
        .select_related("notice")
        .get(pk=delivery.pk, user=by.user_id)
    )
    if delivery.read_at is None:
        delivery.read_at = at
        delivery.save(update_fields=["read_at"])
        record("notice_read", by=by, at=at, on=delivery.notice)
    return delivery


@transaction.atomic
def read_all_notices(*, by: Membership, at: datetime) -> int:
    """The reader has seen every notice that waits in this role."""
    unread = Delivery.objects.visible_to(by).in_inbox().unread().filter(user=by.user_id)
    ids = list(unread.select_for_update(of=["self"]).values_list("pk", "notice_id"))
    Delivery.objects.filter(pk__in=[pk for pk, _notice in ids]).update(read_at=at)
    if ids:
        record("notices_read", by=by, at=at, ids=[notice for _pk, notice in ids])
    return len(ids)


@transaction.atomic(savepoint=False)
def search_trail(
    *,
    period: tuple[datetime, datetime],
    by: Membership,
    at: datetime,
    action: str = "",
    organisation: Organisation | None = None,
    object_id: str = "",
    before: int | None = None,
) -> tuple[list[AuditEvent], bool]:
    """One page of the trail, newest first, and whether there is more; the question is recorded."""
    found = AuditEvent.objects.visible_to(by).between(*period).newest_first()
    if action:
        found = found.filter(action=action)
    if organisation is not None:
        found = found.filter(organisation_id=organisation.pk)
    if object_id:
        found = found.about(object_id)
    if before is not None:
        found = found.filter(pk__lt=before)
    events = list(found[: PAGE + 1])
    question = {
        "from": period[0],
        "until": period[1],
        "action": action,
        "organisation": organisation.pk if organisation else None,
        "object": object_id,
    }
    shown = events[:PAGE]
    record("audit_searched", by=by, at=at, ids=[event.pk for event in shown], details=question)
    return shown, len(events) > PAGE


@transaction.atomic(savepoint=False)
def open_event(event: AuditEvent, *, by: Membership, at: datetime) -> dict[str, object]:
    """What one line says in full, its encrypted details too."""
    details = event.opened_details()
    record("audit_event_opened", by=by, at=at, on=event)
    return details


@transaction.atomic(savepoint=False)
def list_openings(
    object_type: str, object_id: str, *, by: Membership, at: datetime
) -> list[Opening]:
    """Who opened this object; recorded with its key."""
    found = openings_of(object_type, object_id)
    record("openings_listed", by=by, at=at, ids=[object_id])
    return found


@transaction.atomic
def raise_audit_alarm(report: Report, *, by: Membership, at: datetime) -> None:
    """Tell those who watch over the trail that it is not whole."""
    seal = Seal(seq=min((found.seal or report.seals for found in report.breaks), default=0))
    watchers = (
        Membership.objects.valid_at(at)
        .filter(role__in=[Role.FG, Role.AUDITOR, Role.PLATFORM_ADMIN])
        .select_related("organisation")
        .order_by("organisation", "role")
        .distinct("organisation", "role")
    )
    record("audit_alarm_raised", by=by, at=at, on=seal, details={"breaks": report.breaks})
    post_many(
        [
            Letter(
                kind=Kind.AUDIT_ALARM,
                to=watcher.organisation,
                role=Role(watcher.role),
                on=seal,
                urgent=True,
            )
            for watcher in watchers
        ],
        at=at,
    )
