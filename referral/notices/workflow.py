"""The life of what is posted, as one table. A move that is not listed here does not exist."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """How far a notice, or one delivery of it, has come."""

    PENDING = "pending", _("waiting")
    DONE = "done", _("delivered")
    DEAD = "dead", _("given up")


class Channel(models.TextChoices):
    IN_APP = "in_app", _("in Baken")
    MAIL = "mail", _("by e-mail")


# From a state, to a state; every move is the relay's.
MOVES: dict[State, frozenset[State]] = {
    State.PENDING: frozenset({State.PENDING, State.DONE, State.DEAD}),
    State.DONE: frozenset(),
    State.DEAD: frozenset(),
}

MAX_ATTEMPTS = 12


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many failures: 10 s, 20 s, 40 s … at most an hour."""
    return min(timedelta(seconds=5 * 2 ** min(attempts, 10)), timedelta(hours=1))
