"""The life of a case and of a handoff, as tables. A move that is not listed does not exist.

The database keeps the same tables in `baken.check_case_move` and `baken.check_handoff_move`
(migrations 0001_cases, 0002_handoff_to_its_end); tests/cases/test_workflow.py walks both over
every pair and side. The states of a handoff are those of the domain model (2.4).
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

    DRAFT = "draft", _("Being prepared")
    OFFERED = "offered", _("Offered")
    IN_REVIEW = "in_review", _("In review")
    INFO_REQUESTED = "info_requested", _("Question asked")
    ACCEPTED = "accepted", _("Accepted")
    COMPLETED = "completed", _("Completed")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Not answered in time")


class Side(StrEnum):
    """Whose move it is."""

    OWNER = "owner"  # the organisation that is responsible for the case
    SENDER = "sender"  # the organisation that offers the handoff: the owner at that moment
    RECEIVER = "receiver"  # the organisation to which the case is on offer
    CLOCK = "clock"  # nobody answered in time; the database itself gives the case back


# From a status, to a status, and whose move it is.
CASE_MOVES: dict[CaseStatus, dict[CaseStatus, Side]] = {
    CaseStatus.INTAKE: {CaseStatus.ACTIVE: Side.RECEIVER},
    CaseStatus.ACTIVE: {CaseStatus.CLOSED: Side.OWNER},
    CaseStatus.CLOSED: {},
}
_H = HandoffStatus
_ANSWERS = {
    _H.ACCEPTED: Side.RECEIVER,
    _H.DECLINED: Side.RECEIVER,
    _H.WITHDRAWN: Side.SENDER,
    _H.EXPIRED: Side.CLOCK,
}
HANDOFF_MOVES: dict[HandoffStatus, dict[HandoffStatus, Side]] = {
    _H.DRAFT: {_H.OFFERED: Side.SENDER, _H.WITHDRAWN: Side.SENDER},
    _H.OFFERED: {_H.IN_REVIEW: Side.RECEIVER, _H.INFO_REQUESTED: Side.RECEIVER, **_ANSWERS},
    _H.IN_REVIEW: {_H.INFO_REQUESTED: Side.RECEIVER, **_ANSWERS},
    _H.INFO_REQUESTED: {_H.IN_REVIEW: Side.SENDER, **_ANSWERS},
    _H.ACCEPTED: {_H.COMPLETED: Side.RECEIVER},
    _H.COMPLETED: {},
    _H.DECLINED: {},
    _H.WITHDRAWN: {},
    _H.EXPIRED: {},
}

OPEN_CASE = tuple(status for status in CaseStatus if CASE_MOVES[status])
#: On offer: the receiver can answer, and the sender is responsible.
OPEN_HANDOFF = tuple(status for status in HandoffStatus if _H.ACCEPTED in HANDOFF_MOVES[status])
UNANSWERED = (HandoffStatus.DRAFT, *OPEN_HANDOFF)
ANSWERED = tuple(status for status in HandoffStatus if status not in UNANSWERED)
#: The receiver is responsible since.
TAKEN_OVER = (HandoffStatus.ACCEPTED, HandoffStatus.COMPLETED)
