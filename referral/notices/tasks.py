"""Waking up: each task looks at the rows and does what is due. Twice is as good as once."""

from collections.abc import Callable
from datetime import datetime

from celery import shared_task
from django.utils import timezone

from referral.lib.acting import Actor, acting_as
from referral.notices.actions import HAND_OUT, SEND_MAIL, hand_out_next, send_next_mail
from referral.organisations.models import Membership
from referral.organisations.roles import Role

#: So many at one waking; then the worker looks whether something else waits.
BATCH = 200


@shared_task(name=HAND_OUT)
def hand_out() -> None:
    """Hand out what waits."""
    if _as_relay(hand_out_next) == BATCH:
        hand_out.delay()


@shared_task(name=SEND_MAIL)
def send_mail() -> None:
    """Send the mail that is due."""
    if _as_relay(send_next_mail) == BATCH:
        send_mail.delay()


@shared_task
def relay() -> None:
    """Do what no waking came for: the broker was away, a worker died, or it was set back."""
    hand_out()
    send_mail()


def _as_relay(step: Callable[..., bool]) -> int:
    """Take one step after the other, and tell how many there were to take."""
    with acting_as(_relay(timezone.now())):
        for taken in range(BATCH):
            if not step(at=timezone.now()):
                return taken
    return BATCH


def _relay(at: datetime) -> Actor:
    member = Membership.objects.valid_at(at).get(role=Role.SERVICE_RELAY)
    return Actor(
        user_id=member.user_id,
        organisation_id=member.organisation_id,
        role=member.role,
        purpose="delivering notices",
    )
