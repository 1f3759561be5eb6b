"""Deeds of access itself: refusals are recorded, keys are made."""

from datetime import datetime

from django.db import transaction

from referral.audit.actions import record
from referral.organisations.models import Membership


@transaction.atomic
def record_refusal(*, by: Membership, path: str, status: int, at: datetime) -> None:
    """Write that a member asked for what is not theirs; the request itself has rolled back."""
    record(
        "request_refused",
        by=by,
        at=at,
        result=f"refused {status}",
        details={"path": path},
    )
