"""Real requests, in this process: middleware, view, template, transaction, trail."""

from django.test import Client
from django.utils import timezone

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
