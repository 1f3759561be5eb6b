"""The clock: the rounds of beat that mind terms, at any moment that a walk chooses."""

from datetime import datetime
from unittest.mock import patch

from django.utils.module_loading import import_string

from referral.celery import SCHEDULE

#: Rounds that mind what people owe each other, and files; the others carry, seal, compute and clean.
ROUNDS = [
    import_string(one["task"])
    for name, one in SCHEDULE.items()
    if name.startswith(("keep the terms", "tell of stays", "tell of late", "remind", "end bed"))
    or name.endswith("anew")
    or name in {"put what is due for erasure on the list", "call the next in line"}
]


def strike(at: datetime) -> None:
    """Every round once, as if it were this moment.

    The database keeps its own time, so that what is written then lies ahead of it, as it does
    where the clock of a machine is fast.
    """
    with patch("django.utils.timezone.now", return_value=at):
        for rounds in ROUNDS:
            rounds()
