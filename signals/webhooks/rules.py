"""Which address may be listened at, and who may say so."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from referral.lib.outbound import NotAllowed, addresses_of, read_target
from referral.organisations.models import Membership
from referral.people.rules import ClientRefused, check_keeps_clients
from signals.webhooks.models import Endpoint, Event

#: How long the secret before the last one holds, so that a partner changes without a pause.
OLD_SECRET_HOLDS = timedelta(days=3)
#: After so long without one message that arrived, nothing more is sent.
GIVEN_UP_AFTER = timedelta(days=3)


class EndpointRefused(ClientRefused):
    """Nothing can be sent to this address, or not now."""

    def __init__(self, sentence: str, *, about: str = "") -> None:
        super().__init__(sentence)
        self.reasons = {about: sentence} if about else {}


def check_endpoint(by: Membership, address: str, events: Collection[str]) -> None:
    """Raise EndpointRefused for an address that is no system of a partner on the internet."""
    check_keeps_clients(by)
    if not events or not set(events) <= set(Event.values):
        raise EndpointRefused(_("Choose at least one event."), about="events")
    try:
        target = read_target(address)
        addresses_of(target, at_home=settings.DEMO)
    except NotAllowed as refusal:
        raise EndpointRefused(
            _("Give an https address on the internet, without a name, password or # in it."),
            about="address",
        ) from refusal
    except (OSError, UnicodeError) as refusal:
        raise EndpointRefused(
            _("This name is not known on the internet."), about="address"
        ) from refusal


def check_on(endpoint: Endpoint) -> None:
    if endpoint.off_at is not None:
        raise EndpointRefused(_("This address is switched off."))


def check_off(endpoint: Endpoint) -> None:
    if endpoint.off_at is None:
        raise EndpointRefused(_("This address is on already."))


def failed_too_long(endpoint: Endpoint, at: datetime) -> bool:
    return endpoint.failing_since is not None and endpoint.failing_since <= at - GIVEN_UP_AFTER
