"""Alice posts, Bob receives, Charlie must see nothing; and the relay does its round."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from referral.access.context import acting, service
from referral.geography.models import Municipality
from referral.notices.actions import Letter, hand_out_next, post_many, send_next_mail
from referral.notices.kinds import Kind
from referral.notices.models import Delivery, Notice
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import Role


def subject() -> Municipality:
    """Something that has a page; what it is does not matter to a notice."""
    return Municipality.objects.order_by("cbs_code").first()


def send(
    by: Membership, to: Organisation, *, count: int = 1, at: datetime | None = None, **facts: object
) -> None:
    letter = {"kind": Kind.SIGNAL_RECEIVED, "to": to, "on": subject(), **facts}
    with acting(by, purpose="test"), transaction.atomic():
        post_many([Letter(**letter) for _ in range(count)], at=at or timezone.now())


@contextmanager
def as_relay() -> Iterator[None]:
    with acting(service(Role.SERVICE_RELAY), purpose="test"), transaction.atomic():
        yield


def go_round(step: Callable[..., bool] = hand_out_next, *, at: datetime | None = None) -> int:
    """Do what is due; how much it was."""
    count = 0
    with acting(service(Role.SERVICE_RELAY), purpose="test"):
        while step(at=at or timezone.now()):
            count += 1
    return count


def mail_round(*, at: datetime | None = None) -> int:
    return go_round(send_next_mail, at=at)


def notices() -> list[Notice]:
    with as_relay():
        return list(Notice.objects.order_by("pk"))


def deliveries(channel: str = "in_app") -> list[Delivery]:
    with as_relay():
        found = Delivery.objects.filter(channel=channel).select_related("notice", "user")
        return list(found.order_by("pk"))
