"""Imports outside the request: thin, may run twice, may be killed at any moment."""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from uuid import UUID

from celery import shared_task
from django.utils import timezone
from django.utils.translation import override

from referral.access.context import acting, service
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from signals import actions
from signals.actions import ImportOvertaken, ReadRow
from signals.forms import FileBroken, count_rows, profile_of, read_rows
from signals.models import ImportBatch
from signals.rules import read_layout
from signals.workflow import ImportStatus

logger = logging.getLogger(__name__)

ROWS_IN_A_PART = 500
#: A worker commits a part in about a second; this long without one, and it is gone.
SILENCE = timedelta(seconds=60)


@shared_task
def run_import(batch_id: str, member_id: int) -> None:
    """Take a file in, in the name of the coordinator who ordered it."""
    member = Membership.objects.with_names().valid_at(timezone.now()).filter(pk=member_id).first()
    if member is None:
        logger.warning("import_waits %s: its coordinator no longer works there", batch_id)
        return
    with acting(member, purpose="import of signals"), override(member.user.language):
        take_in(UUID(batch_id), by=member)


@shared_task
def resume_imports() -> None:
    """Take up imports whose worker gave no sign of life for a while."""
    with acting(service(Role.SERVICE_SWEEPER), purpose="imports that stopped") as sweeper:
        for batch in actions.silent_imports(by=sweeper, before=timezone.now() - SILENCE):
            actions.hand_to_worker(batch)


@shared_task
def keep_terms() -> None:
    """What the clock does at the desk: remind, bring back to triage, tell who is in charge."""
    at = timezone.now()
    with acting(service(Role.SERVICE_SWEEPER), purpose="terms of signals") as sweeper:
        actions.end_unanswered(by=sweeper, at=at)
        actions.remind_reporters(by=sweeper, at=at)
        actions.bring_back_parked(by=sweeper, at=at)
        actions.remind_of_feedback(by=sweeper, at=at)
        actions.escalate_overdue(by=sweeper, at=at)


def take_in(
    pk: UUID, *, by: Membership, tell: Callable[[ImportBatch], None] = lambda _: None
) -> None:
    """Check the whole file, then its rows part by part; each part commits by itself.

    Must not run inside a transaction. It goes on where the last part that was committed
    ended, and stops quietly when another worker does the same.
    """
    batch = actions.begin_check(pk, by=by, at=timezone.now())
    profile = profile_of(read_layout(batch.mapping.content))
    try:
        if batch.status == ImportStatus.CHECKING:
            tell(batch)
            rows = count_rows(actions.kept_file(batch, by=by), profile)
            batch = actions.begin_import(batch, rows=rows, by=by, at=timezone.now())
        if batch.status != ImportStatus.IMPORTING:
            return
        left = read_rows(actions.kept_file(batch, by=by), profile, start=batch.position)
        for part in parts(left):
            batch = actions.import_rows(batch, part, by=by, at=timezone.now())
            tell(batch)
        tell(actions.finish_import(batch, by=by, at=timezone.now()))
    except FileBroken as broken:
        tell(actions.refuse_file(batch, error=str(broken), by=by, at=timezone.now()))
    except ImportOvertaken:
        logger.info("import_overtaken %s", pk)


def parts(rows: Iterator[ReadRow]) -> Iterator[list[ReadRow]]:
    while part := list(islice(rows, ROWS_IN_A_PART)):
        yield part
