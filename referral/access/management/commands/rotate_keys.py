"""Wrap every data key anew with the current key of the ring, while the application runs."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from referral.access.models import DataKey
from referral.access.secrets import opened


class Command(BaseCommand):
    help = (
        "Wrap the data keys of persons, signals and shelters with the last key of the ring. First"
        " add the new key to the ring and restart; the old key opens what was not yet wrapped."
        " May be stopped and started again. The old key stays in the ring for as long as the"
        " audit trail holds details under it."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--batch", type=int, default=1000, help="keys in one transaction")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        total = 0
        while wrapped := wrap_next(options["batch"]):
            total += wrapped
            self.stdout.write(f"{total} keys wrapped with {settings.KEY_RING.current}")
        old = DataKey.objects.exclude(ring_key_id=settings.KEY_RING.current).count()
        self.stdout.write(f"{old} keys are under another key of the ring")


@transaction.atomic
def wrap_next(size: int) -> int:
    """Wrap at most `size` keys that are not under the current key; tell how many.

    Rows that a running request holds are left for a next time.
    """
    ring = settings.KEY_RING
    keys = list(
        DataKey.objects.exclude(ring_key_id=ring.current)
        .select_for_update(skip_locked=True)
        .order_by("pk")[:size]
    )
    for key in keys:
        key.wrapped = ring.wrap(opened(key), about=str(key.pk))
        key.ring_key_id = ring.current
    DataKey.objects.bulk_update(keys, ["wrapped", "ring_key_id"])
    return len(keys)
