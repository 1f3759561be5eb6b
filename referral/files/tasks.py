"""Making files anew outside the request: thin, may run twice, may be killed at any moment."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.conf import settings
from django.utils import timezone

from referral.access.context import acting, service
from referral.files.actions import Keeping
from referral.files.models import KeptFile
from referral.files.rebuilding import Unfit, rebuild
from referral.files.scanner import ScannerDown, is_clean
from referral.files.workflow import Kind, Reason
from referral.organisations.models import Membership
from referral.organisations.roles import Role

logger = logging.getLogger(__name__)
F = TypeVar("F", bound=KeptFile)
#: Tells the moment; the demo tells an earlier one.
Clock = Callable[[], datetime]


def rebuild_waiting(keeping: Keeping[F], *, clock: Clock = timezone.now) -> None:
    """Take up what waits in quarantine, one after the other."""
    with acting(service(Role.SERVICE_SWEEPER), purpose="making files anew") as worker:
        while (one := keeping.claim(by=worker, at=clock())) is not None:
            try:
                settle(keeping, one, by=worker, clock=clock)
            except Exception:  # one poisonous file must not stop the others; it is tried again
                logger.exception("%s_failed %s", keeping.word, one.pk)


def sweep(keeping: Keeping[F]) -> None:
    """Do what no waking came for, and give up what was never finished."""
    with acting(service(Role.SERVICE_SWEEPER), purpose="terms of files") as sweeper:
        keeping.end_unfinished(by=sweeper, at=timezone.now())
    rebuild_waiting(keeping)


def settle(keeping: Keeping[F], file: F, *, by: Membership, clock: Clock) -> None:
    """Scan the file, make it anew, and let it be read; or refuse it with the reason."""
    original = keeping.read_original(file, by=by)
    scanner = settings.CLAMD_ADDRESS
    try:
        if scanner:
            scan(original, address=scanner)
        rebuilt = rebuild(Kind(file.kind), original)
    except Unfit as unfit:
        keeping.refuse(file, reason=unfit.reason, by=by, at=clock())
    except ScannerDown as down:
        logger.error("scanner_down %s", down)  # noqa: TRY400 -- its name says all
        keeping.keep_in_quarantine(file, by=by, at=clock())
    else:
        keeping.release(file, rebuilt, original=original, scanned=bool(scanner), by=by, at=clock())


def scan(original: bytes, *, address: str) -> None:
    if not is_clean(original, address=address):
        raise Unfit(Reason.VIRUS)
