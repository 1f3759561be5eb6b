"""Looking at requests of persons. A look is a deed: it is recorded before anything is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from referral.access.models import DataKey
from referral.access.secrets import unseal
from referral.audit.actions import record
from referral.organisations.models import Membership
from referral.persons.contact.models import Channel, ContactRule
from referral.persons.restriction.models import Restriction
from referral.rights.models import RightsExecution, RightsExtract, RightsRequest
from referral.rights.querysets import handles, safe_contact


@dataclass(frozen=True, slots=True)
class Opened:
    """A request with its words in clear, and the extract that was made for it last."""

    request: RightsRequest
    words: str
    answer: str
    extract: RightsExtract | None
    execution: RightsExecution | None
    restriction: Restriction | None


@dataclass(frozen=True, slots=True)
class SafeChannel:
    """Where the answer may go, and what to keep to."""

    channel: str
    address: str
    remarks: tuple[str, ...]

    @property
    def label(self) -> str:
        return str(Channel(self.channel).label)


@dataclass(frozen=True, slots=True)
class HomeRights:
    """What the home page shows a privacy officer."""

    waiting: int
    late: int


@transaction.atomic
def list_requests(
    found: Iterable[RightsRequest], *, by: Membership, at: datetime
) -> list[RightsRequest]:
    """One page of a list that was scoped by visible_to; the trail gets the ids shown."""
    shown = list(found)
    record("rights_requests_listed", by=by, at=at, ids=[request.pk for request in shown])
    return shown


@transaction.atomic
def read_request(request: RightsRequest, *, by: Membership, at: datetime) -> Opened:
    """One request with its words. RightsRequest.DoesNotExist when it is not for them."""
    request = RightsRequest.objects.visible_to(by).with_names().get(pk=request.pk)
    record("rights_request_read", on=request, by=by, at=at)
    return Opened(
        request,
        _opened(request, bytes(request.words), request.about_words),
        _opened(request, bytes(request.answer), request.about_answer),
        RightsExtract.objects.visible_to(by).of(request).defer("sealed").first(),
        RightsExecution.objects.visible_to(by).with_names().filter(request=request).first(),
        Restriction.objects.visible_to(by).of(request.reference),
    )


@transaction.atomic
def read_safe_channels(
    request: RightsRequest, *, by: Membership, at: datetime
) -> list[SafeChannel]:
    """Where the answer may go; none while there is no answer."""
    request = RightsRequest.objects.visible_to(by).get(pk=request.pk)
    found = safe_contact(request)
    record("rights_contact_read", on=request, by=by, at=at, ids=[request.person_id])
    keys = DataKey.objects.in_bulk([one["key"] for one in found if one["key"]])
    channels = []
    for one in found:
        key = next((held for held in keys.values() if str(held.pk) == one["key"]), None)
        if key is None:
            continue
        rule = ContactRule(pk=one["id"])
        said = unseal(bytes.fromhex(one["sealed"]), key=key, about=rule.about)
        remarks = tuple(str(said[name]) for name in ("hours", "remark") if said.get(name))
        channels.append(SafeChannel(one["channel"], str(said["address"]), remarks))
    return channels


@transaction.atomic(savepoint=False)
def count_home_rights(*, by: Membership, at: datetime) -> HomeRights | None:
    """What waits for a privacy officer; None where nothing does, and for anyone else."""
    if not handles(by):
        return None
    waiting = RightsRequest.objects.visible_to(by).open()
    count = waiting.count()
    return HomeRights(count, waiting.late(timezone.localdate(at)).count()) if count else None


def _opened(request: RightsRequest, sealed: bytes, about: str) -> str:
    if not sealed:
        return ""
    return str(unseal(sealed, key=request.key, about=about)["words"])
