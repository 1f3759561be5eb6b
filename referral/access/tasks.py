"""Waking up: what is kept only for a time is cleared away. Twice is as good as once."""

from celery import shared_task
from django.utils import timezone

from referral.access.actions import clear_kept_answers


@shared_task
def clear() -> None:
    """Forget answers that no honest sender asks for again."""
    clear_kept_answers(at=timezone.now())
