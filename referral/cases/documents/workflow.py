"""The life of a document: that of a kept file, and it can be withdrawn from the case.

The trigger `document_moves_along_the_table` in the database says the same.
"""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from referral.files import workflow as files


class Status(models.TextChoices):
    """How far a document has come."""

    UPLOADING = "uploading", _("Being uploaded")
    QUARANTINED = "quarantined", _("In quarantine")
    READY = "ready", _("Ready")
    REFUSED = "refused", _("File refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Side(StrEnum):
    """Whose move it is."""

    SENDER = "sender"  # who began the upload
    WORKER = "worker"  # the service that makes files anew
    COORDINATOR = "coordinator"  # who works on the case, whoever added the document


#: From here somebody takes it out of the case: it has come in whole.
WITHDRAWABLE = (Status.QUARANTINED, Status.READY)
_COORDINATOR = frozenset({Side.COORDINATOR})

# From a status, to a status, and whose move it is: one of these sides.
MOVES: dict[Status, dict[Status, frozenset[Side]]] = {
    status: {
        **{
            Status(to): frozenset(Side(side) for side in sides)
            for to, sides in files.MOVES[files.Status(status)].items()
        },
        **({Status.WITHDRAWN: _COORDINATOR} if status in WITHDRAWABLE else {}),
    }
    for status in Status
    if status != Status.WITHDRAWN
}
MOVES[Status.WITHDRAWN] = {}
