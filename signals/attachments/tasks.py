"""Making files anew outside the request: thin, may run twice, may be killed at any moment."""

import logging

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from signals.attachments import actions
from signals.attachments.models import Attachment
from signals.attachments.rebuilding import Unfit, rebuild
from signals.attachments.scanner import ScannerDown, is_clean
from signals.attachments.workflow import Kind, Reason

logger = logging.getLogger(__name__)


@shared_task
def rebuild_waiting() -> None:
    """Take up what waits in quarantine, one after the other."""
    with acting(service(Role.SERVICE_SWEEPER), purpose="making attachments anew") as worker:
        while (one := actions.claim_attachment(by=worker, at=timezone.now())) is not None:
            try:
                settle(one, by=worker)
            except Exception:  # one poisonous file must not stop the others; it is tried again
                logger.exception("attachment_failed %s", one.pk)


@shared_task
def sweep_attachments() -> None:
    """Do what no waking came for, and give up what was never finished."""
    with acting(service(Role.SERVICE_SWEEPER), purpose="terms of attachments") as sweeper:
        actions.end_unfinished(by=sweeper, at=timezone.now())
    rebuild_waiting()


def settle(attachment: Attachment, *, by: Membership) -> None:
    """Scan the file, make it anew, and let it be read; or refuse it with the reason."""
    original = actions.read_original(attachment, by=by)
    scanner = settings.CLAMD_ADDRESS
    try:
        if scanner:
            scan(original, address=scanner)
        rebuilt = rebuild(Kind(attachment.kind), original)
    except Unfit as unfit:
        actions.refuse_attachment(attachment, reason=unfit.reason, by=by, at=timezone.now())
    except ScannerDown as down:
        logger.error("scanner_down %s", down)  # noqa: TRY400 -- its name says all
        actions.keep_in_quarantine(attachment, by=by, at=timezone.now())
    else:
        actions.release_attachment(
            attachment,
            rebuilt,
            original=original,
            scanned=bool(scanner),
            by=by,
            at=timezone.now(),
        )


def scan(original: bytes, *, address: str) -> None:
    if not is_clean(original, address=address):
        raise Unfit(Reason.VIRUS)
