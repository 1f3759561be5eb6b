"""The life of a referral as one table. A move that is not listed here does not exist.

The trigger `referral_moves_along_the_table` says the same to the database.
"""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReferralStatus(models.TextChoices):
    """Where a referral stands (status van de verwijzing)."""

    OFFERED = "offered", _("Offered, waiting for an answer")
    ACCEPTED = "accepted", _("Accepted, first contact to be made")
    CONTACTED = "contacted", _("In contact with the person")
    COMPLETED = "completed", _("Help is done")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Not answered in time")
    STOPPED = "stopped", _("Stopped: consent was taken back")


class ReferralSide(StrEnum):
    """Whose move it is."""

    SENDER = "sender"  # the organisation that works on the case
    RECEIVER = "receiver"  # any authorised member of the organisation that is asked
    CLOCK = "clock"  # nobody answered in time
    PERSON = "person"  # a consent is taken back; the database itself makes the move


_S, _M = ReferralSide, ReferralStatus
REFERRAL_MOVES: dict[ReferralStatus, dict[ReferralStatus, ReferralSide]] = {
    _M.OFFERED: {
        _M.ACCEPTED: _S.RECEIVER,
        _M.DECLINED: _S.RECEIVER,
        _M.WITHDRAWN: _S.SENDER,
        _M.EXPIRED: _S.CLOCK,
        _M.STOPPED: _S.PERSON,
    },
    _M.ACCEPTED: {
        _M.CONTACTED: _S.RECEIVER,
        _M.COMPLETED: _S.RECEIVER,
        _M.WITHDRAWN: _S.SENDER,
        _M.STOPPED: _S.PERSON,
    },
    _M.CONTACTED: {
        _M.COMPLETED: _S.RECEIVER,
        _M.WITHDRAWN: _S.SENDER,
        _M.STOPPED: _S.PERSON,
    },
    _M.COMPLETED: {},
    _M.DECLINED: {},
    _M.WITHDRAWN: {},
    _M.EXPIRED: {},
    _M.STOPPED: {},
}

OPEN = tuple(status for status in ReferralStatus if REFERRAL_MOVES[status])
#: The receiver helps now, and so reads the package. After the task ends it reads no more.
HELPING = (ReferralStatus.ACCEPTED, ReferralStatus.CONTACTED)
#: Ended without or after help, by somebody at a time; declining is an answer.
ENDED = (
    ReferralStatus.COMPLETED,
    ReferralStatus.WITHDRAWN,
    ReferralStatus.EXPIRED,
    ReferralStatus.STOPPED,
)
