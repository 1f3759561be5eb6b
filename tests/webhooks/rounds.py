"""The relay's round to the systems of partners, and what it left behind."""

from datetime import datetime, timedelta

from django.utils import timezone

from referral.access.context import acting, service
from referral.notices.models import Notice
from referral.organisations.roles import Role
from signals.webhooks.actions import push_next
from signals.webhooks.models import Endpoint, Push


def push_round(*, after: timedelta = timedelta(), at: datetime | None = None) -> int:
    """Send what is due then; how much it was."""
    moment = (at or timezone.now()) + after
    count = 0
    with acting(service(Role.SERVICE_RELAY), purpose="test") as relay:
        while push_next(by=relay, at=moment):
            count += 1
    return count


def pushes() -> list[Push]:
    with acting(service(Role.SERVICE_RELAY), purpose="test"):
        return list(Push.objects.order_by("happened_at", "pk"))


def the_endpoint() -> Endpoint:
    with acting(service(Role.SERVICE_RELAY), purpose="test"):
        return Endpoint.objects.get()


def alarms() -> list[str]:
    with acting(service(Role.SERVICE_RELAY), purpose="test"):
        found = Notice.objects.filter(kind__in=["push_alarm", "endpoint_off"])
        return list(found.order_by("posted_at").values_list("kind", flat=True))
