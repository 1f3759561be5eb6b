"""The life of a proposal for everybody who waits, and of each of its lines, as tables.

The triggers `match_proposal_moves_along_the_table` and `match_line_moves_along_the_table` say the
same in the database; tests/matching/test_two_locks.py walks every pair through both.
"""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProposalStatus(models.TextChoices):
    """Where a proposal stands (status van het voorstel)."""

    COMPUTING = "computing", _("Being computed")
    READY = "ready", _("Ready to be judged")


class LineStatus(models.TextChoices):
    """What the desk did with a line of a proposal (status van de regel)."""

    OPEN = "open", _("To be judged")
    ACCEPTED = "accepted", _("Bed reserved")
    DECLINED = "declined", _("Not followed")


class Side(StrEnum):
    """Whose move it is."""

    WORKER = "worker"  # the service that computes
    DESK = "desk"  # the placement desk


PROPOSAL_MOVES: dict[ProposalStatus, dict[ProposalStatus, tuple[Side, ...]]] = {
    ProposalStatus.COMPUTING: {ProposalStatus.READY: (Side.WORKER,)},
    ProposalStatus.READY: {},
}
LINE_MOVES: dict[LineStatus, dict[LineStatus, tuple[Side, ...]]] = {
    LineStatus.OPEN: {LineStatus.ACCEPTED: (Side.DESK,), LineStatus.DECLINED: (Side.DESK,)},
    LineStatus.ACCEPTED: {},
    LineStatus.DECLINED: {},
}
