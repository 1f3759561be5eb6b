"""The life of a consent as one table. A move that is not listed here does not exist.

The trigger `consent_moves_along_the_table` says the same to the database;
tests/sharing/test_workflow.py walks every pair through both.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a consent stands (toestemming)."""

    ASKED = "asked", _("Asked")
    GIVEN = "given", _("Given")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")
    REPLACED = "replaced", _("Replaced by a newer one")


# The person whom it is about gives, refuses and withdraws; the organisation that asked writes
# it down. Time expires; a newer consent for the same thing replaces.
MOVES: dict[State, tuple[State, ...]] = {
    State.ASKED: (State.GIVEN, State.REFUSED),
    State.GIVEN: (State.WITHDRAWN, State.EXPIRED, State.REPLACED),
    State.REFUSED: (),
    State.WITHDRAWN: (),
    State.EXPIRED: (),
    State.REPLACED: (),
}

#: Asked now and answered later, or asked and answered in one conversation.
BEGINNINGS = (State.ASKED, State.GIVEN, State.REFUSED)
ANSWERED = (State.GIVEN, State.REFUSED)
#: States of a consent that was given once, and so has a period.
ONCE_GIVEN = (State.GIVEN, State.WITHDRAWN, State.EXPIRED, State.REPLACED)
ENDED = (State.WITHDRAWN, State.EXPIRED, State.REPLACED)
