"""Real requests, in this process: middleware, view, template, transaction, trail."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.gate import Measured
from referral.organisations.models import Membership


def visitor(member: Membership) -> Client:
    """A browser in which this member has signed in with a second factor."""
    client = Client(SERVER_NAME="localhost", headers={"accept-language": "nl"})
    client.force_login(member.user, backend="referral.access.backends.SignInBackend")
    session = client.session
    now = timezone.now().timestamp()
    session.update(
        {"second_factor": "bench", "membership": member.pk, "signed_in_at": now, "seen_at": now}
    )
    session.save()
    return client


def look(client: Client, address: str) -> None:
    """Ask a page, and mind that it came."""
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")


def statements(name: str, look: Callable[[], Any], *, limit: int) -> Measured:
    """All of a request, those that open and close its transaction too."""
    with CaptureQueriesContext(connection) as asked:
        answer = look()
    if answer.status_code != 200:
        raise RuntimeError(f"{name} answered {answer.status_code}")
    return Measured(f"{name}, statements", len(asked), limit, "statements")


def cookies(client: Client, token: str) -> str:
    """What this browser sends along to a server that is really there."""
    kept = {name: found.value for name, found in client.cookies.items()}
    kept[settings.CSRF_COOKIE_NAME] = token
    return "; ".join(f"{name}={value}" for name, value in kept.items())
