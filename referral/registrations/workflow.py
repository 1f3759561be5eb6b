"""The life of a registration as one table. A move that is not listed here does not exist.

The trigger `registration_moves_along_the_table` says the same to the database;
tests/registrations/test_workflow.py walks every pair through both.
"""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where a registration stands (status van een aanmelding)."""

    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned with a question")
    REGISTERED = "registered", _("Registered")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Side(StrEnum):
    """Whose move it is."""

    REPORTER = "reporter"  # who submitted it
    DESK = "desk"  # a registrar at the national desk


# From a status, to a status, and whose move it is.
MOVES: dict[Status, dict[Status, Side]] = {
    Status.SUBMITTED: {
        Status.RETURNED: Side.DESK,
        Status.REGISTERED: Side.DESK,
        Status.WITHDRAWN: Side.REPORTER,
    },
    Status.RETURNED: {
        Status.SUBMITTED: Side.REPORTER,
        Status.WITHDRAWN: Side.REPORTER,
    },
    # Who reported it asks; a request that waits is what opens this move (withdrawals).
    Status.REGISTERED: {Status.WITHDRAWN: Side.DESK},
    Status.WITHDRAWN: {},
}

BEGIN = Status.SUBMITTED
#: On the way to the national registration.
OPEN = (Status.SUBMITTED, Status.RETURNED)
