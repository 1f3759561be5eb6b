"""The life of a release, as one table. A move that is not listed here does not exist.

The trigger `release_moves_along_the_table` says the same in the database.
"""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where a release stands (status van de publicatie)."""

    COMPUTING = "computing", _("Being computed")
    COMPUTED = "computed", _("Computed")
    PROPOSED = "proposed", _("Waiting for approval")
    SEALED = "sealed", _("Sealed")
    REFUSED = "refused", _("Cannot be published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Side(StrEnum):
    """Whose move it is."""

    SERVICE = "service"  # the statistics service, which alone sees true counts
    PROPOSER = "proposer"  # an analyst who read the protected figures
    APPROVER = "approver"  # another analyst than the one who proposed


# From a status, to a status, and whose move it is.
MOVES: dict[Status, dict[Status, Side]] = {
    Status.COMPUTING: {Status.COMPUTED: Side.SERVICE, Status.REFUSED: Side.SERVICE},
    Status.COMPUTED: {Status.PROPOSED: Side.PROPOSER, Status.WITHDRAWN: Side.PROPOSER},
    Status.PROPOSED: {Status.SEALED: Side.APPROVER, Status.COMPUTED: Side.APPROVER},
    Status.SEALED: {Status.WITHDRAWN: Side.APPROVER},
    Status.REFUSED: {},
    Status.WITHDRAWN: {},
}

#: While one of these is under way, the same figures are not ordered again.
OPEN = (Status.COMPUTING, Status.COMPUTED, Status.PROPOSED)
