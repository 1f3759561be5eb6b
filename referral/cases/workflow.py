"""The life of a case and of a handoff, as tables. A move that is not listed does not exist.

The database keeps the same tables in `baken.check_case_move` and `baken.check_handoff_move`
(migration 0001_cases); tests/cases/test_workflow.py walks both over every pair and side.
"""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseStatus(models.TextChoices):
    """Where the care for a presumed victim stands (status van de casus)."""

    INTAKE = "intake", _("Waiting for a coordinator")
    ACTIVE = "active", _("Active")
    CLOSED = "closed", _("Closed")


class HandoffStatus(models.TextChoices):
    """Where a handoff stands (status van de overdracht)."""

    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Side(StrEnum):
    """Whose move it is."""

    OWNER = "owner"  # the organisation that is responsible for the case
    SENDER = "sender"  # the organisation that offers the handoff: the owner at that moment
    RECEIVER = "receiver"  # the organisation to which the case is on offer


# From a status, to a status, and whose move it is.
CASE_MOVES: dict[CaseStatus, dict[CaseStatus, Side]] = {
    CaseStatus.INTAKE: {CaseStatus.ACTIVE: Side.RECEIVER},
    CaseStatus.ACTIVE: {CaseStatus.CLOSED: Side.OWNER},
    CaseStatus.CLOSED: {},
}
HANDOFF_MOVES: dict[HandoffStatus, dict[HandoffStatus, Side]] = {
    HandoffStatus.OFFERED: {
        HandoffStatus.ACCEPTED: Side.RECEIVER,
        HandoffStatus.DECLINED: Side.RECEIVER,
        HandoffStatus.WITHDRAWN: Side.SENDER,
    },
    HandoffStatus.ACCEPTED: {},
    HandoffStatus.DECLINED: {},
    HandoffStatus.WITHDRAWN: {},
}

OPEN_CASE = tuple(status for status in CaseStatus if CASE_MOVES[status])
OPEN_HANDOFF = tuple(status for status in HandoffStatus if HANDOFF_MOVES[status])
ANSWERED = tuple(status for status in HandoffStatus if not HANDOFF_MOVES[status])
