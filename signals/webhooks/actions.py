"""Keeping an endpoint, and sending to it. The database writes what is to be sent."""

from __future__ import annotations

import http.client
import json
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from referral.access.models import ApiClient
from referral.access.secrets import new_data_key, seal
from referral.audit.actions import record
from referral.lib import outbound, webhooks
from referral.notices.actions import post
from referral.notices.kinds import Kind
from referral.notices.workflow import State
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import OrganisationType, Role
from referral.people.rules import check_keeps_clients, check_runs
from signals.webhooks.models import TEST, Endpoint, EndpointSecret, OffReason, Push
from signals.webhooks.rules import (
    OLD_SECRET_HOLDS,
    EndpointRefused,
    check_endpoint,
    check_off,
    check_on,
    failed_too_long,
)

#: How long what was sent, or given up, can still be looked up.
KEPT_FOR = timedelta(days=30)


class NotTaken(Exception):
    """The other side answered, and did not take the message."""


@transaction.atomic
def add_endpoint(
    client: ApiClient, *, address: str, events: Collection[str], by: Membership, at: datetime
) -> str:
    """From now on this system hears of these events; the secret is returned, this once.

    Raises EndpointRefused.
    """
    check_endpoint(by, address, events)
    check_runs(client)
    try:
        with transaction.atomic():
            endpoint = Endpoint.objects.create(
                client=client,
                address=address,
                events=sorted(events),
                key=new_data_key(),
                added_at=at,
                added_by=by.user,
            )
    except IntegrityError as refusal:
        raise EndpointRefused(_("This system has an address already.")) from refusal
    record("endpoint_added", by=by, at=at, on=endpoint, details={"address": address})
    return _new_secret(endpoint, by=by, at=at)


@transaction.atomic
def change_endpoint(
    endpoint: Endpoint, *, address: str, events: Collection[str], by: Membership, at: datetime
) -> None:
    """Another address, or other events; what still waits goes to the new one."""
    check_endpoint(by, address, events)
    endpoint = _lock(endpoint, by=by)
    endpoint.address, endpoint.events = address, sorted(events)
    endpoint.save(update_fields=["address", "events"])
    record("endpoint_changed", by=by, at=at, on=endpoint, details={"address": address})


@transaction.atomic
def rotate_secret(endpoint: Endpoint, *, by: Membership, at: datetime) -> str:
    """A new secret, returned this once. The one before it still holds for three days; an older
    one ends now.
    """
    check_keeps_clients(by)
    endpoint = _lock(endpoint, by=by)
    held = EndpointSecret.objects.visible_to(by).filter(endpoint=endpoint)
    held.filter(holds_until__gt=at).update(holds_until=at)
    held.filter(holds_until=None).update(holds_until=at + OLD_SECRET_HOLDS)
    record("endpoint_secret_rotated", by=by, at=at, on=endpoint)
    return _new_secret(endpoint, by=by, at=at)


@transaction.atomic
def send_test(endpoint: Endpoint, *, by: Membership, at: datetime) -> Push:
    """Let a message go out that is about nothing."""
    check_keeps_clients(by)
    endpoint = _lock(endpoint, by=by)
    check_on(endpoint)
    push = Push.objects.create(endpoint=endpoint, event=TEST, happened_at=at, next_attempt_at=at)
    record("endpoint_tested", by=by, at=at, on=endpoint)
    return push


@transaction.atomic
def stop_endpoint(endpoint: Endpoint, *, by: Membership, at: datetime) -> None:
    """Nothing goes out from this moment, and nothing is kept for later."""
    check_keeps_clients(by)
    endpoint = _lock(endpoint, by=by)
    check_on(endpoint)
    _switch_off(endpoint, OffReason.STOPPED, by=by, at=at)


@transaction.atomic
def resume_endpoint(endpoint: Endpoint, *, by: Membership, at: datetime) -> None:
    """Send again: what waited when it was switched off, and what happens from now on."""
    check_keeps_clients(by)
    endpoint = _lock(endpoint, by=by)
    check_off(endpoint)
    endpoint.off_at = endpoint.off_by = endpoint.failing_since = None
    endpoint.off_reason = ""
    endpoint.save(update_fields=["off_at", "off_by", "off_reason", "failing_since"])
    record("endpoint_resumed", by=by, at=at, on=endpoint)


def push_next(*, by: Membership, at: datetime) -> bool:
    """Send the oldest message that is due; False when none is.

    It is sent before the commit, so it may be sent again after a crash, under the same number,
    and is never lost. Others skip the row meanwhile.
    """
    with transaction.atomic():
        due = Push.objects.visible_to(by).due(at).select_for_update(of=["self"], skip_locked=True)
        push = due.select_related("endpoint__key").first()
        if push is None:
            return False
        try:
            _send(push, by=by, at=at)
        except Exception as error:  # noqa: BLE001 -- one poisonous row must not stop the others
            _set_back(push, error, by=by, at=at)
        else:
            push.state, push.delivered_at = State.DONE, at
            push.save(update_fields=["state", "delivered_at", "answered"])
            Endpoint.objects.filter(pk=push.endpoint_id).update(failing_since=None)
    return True


@transaction.atomic
def clear_pushes(*, by: Membership, at: datetime) -> int:
    """Delete messages that went out, were given up or were waiting for a month; tell how many."""
    old = Push.objects.visible_to(by).filter(happened_at__lt=at - KEPT_FOR)
    return old.delete()[0]


def body_of(push: Push) -> bytes:
    """What a message says: what kind of thing happened when, to which signal, and where to ask."""
    moment = push.happened_at.astimezone(UTC).isoformat(timespec="microseconds")
    data: dict[str, object] = {}
    if push.signal_id is not None:
        where = settings.SITE_URL + reverse("api:signal", args=[push.signal_id])
        data = {
            "id": str(push.signal_id),
            "kenmerk": push.reference,
            "_links": {"self": {"href": where}},
        }
    said = {"type": push.event, "timestamp": moment.replace("+00:00", "Z"), "data": data}
    return json.dumps(said, separators=(",", ":")).encode()


def _send(push: Push, *, by: Membership, at: datetime) -> None:
    """Raises NotTaken for another answer than 2xx, and whatever kept an answer from coming."""
    push.answered = None
    endpoint, body = push.endpoint, body_of(push)
    held = EndpointSecret.objects.visible_to(by).filter(endpoint=endpoint).held_at(at)
    secrets = [secret.opened(endpoint.key) for secret in held]
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Baken-Webhooks",
        **webhooks.signed(body, number=str(push.pk), at=at, by=secrets),
    }
    push.answered = outbound.post(endpoint.address, body, headers, at_home=settings.DEMO)
    if not 200 <= push.answered < 300:
        raise NotTaken


def _set_back(push: Push, error: Exception, *, by: Membership, at: datetime) -> None:
    """Try later, and the others of this endpoint not before: it is down for all of them."""
    push.set_back(error, at)
    push.save(update_fields=["state", "attempts", "next_attempt_at", "last_error", "answered"])
    endpoint = _lock(push.endpoint, by=by)
    if endpoint.failing_since is None:
        endpoint.failing_since = at
        endpoint.save(update_fields=["failing_since"])
    others = Push.objects.visible_to(by).filter(endpoint=endpoint)
    if push.state == State.DEAD:
        if not others.given_up_since(endpoint.failing_since, but=push):
            _tell_platform(Kind.PUSH_ALARM, endpoint, at=at)
    else:
        others.filter(state=State.PENDING, next_attempt_at__lt=push.next_attempt_at).update(
            next_attempt_at=push.next_attempt_at
        )
    if endpoint.off_at is not None:
        return
    if push.answered == http.client.GONE:
        _switch_off(endpoint, OffReason.GONE, by=by, at=at)
        _tell_platform(Kind.ENDPOINT_OFF, endpoint, at=at)
    elif failed_too_long(endpoint, at):
        _switch_off(endpoint, OffReason.FAILING, by=by, at=at)
        _tell_platform(Kind.ENDPOINT_OFF, endpoint, at=at)


def _switch_off(endpoint: Endpoint, reason: OffReason, *, by: Membership, at: datetime) -> None:
    endpoint.off_at, endpoint.off_by, endpoint.off_reason = at, by.user, reason
    endpoint.save(update_fields=["off_at", "off_by", "off_reason"])
    record("endpoint_switched_off", by=by, at=at, on=endpoint, details={"reason": reason})


def _tell_platform(kind: Kind, endpoint: Endpoint, *, at: datetime) -> None:
    platform = Organisation.objects.of_type(OrganisationType.PLATFORM).get()
    post(kind, to=platform, role=Role.PLATFORM_ADMIN, on=endpoint, at=at, urgent=True)


def _new_secret(endpoint: Endpoint, *, by: Membership, at: datetime) -> str:
    plain = webhooks.new_secret()
    secret = EndpointSecret(endpoint=endpoint, made_at=at, made_by=by.user)
    secret.sealed = seal({"secret": plain}, key=endpoint.key, about=secret.about)
    secret.save(force_insert=True)
    return plain


def _lock(endpoint: Endpoint, *, by: Membership) -> Endpoint:
    there = Endpoint.objects.visible_to(by).select_related("key", "client")
    return there.select_for_update(of=["self"]).get(pk=endpoint.pk)
