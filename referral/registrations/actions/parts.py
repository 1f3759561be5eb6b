"""What the deeds of the reporter and of the desk have in common."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.access.secrets import seal, unseal
from referral.notices.actions import post
from referral.notices.kinds import Kind
from referral.organisations.models import Membership
from referral.registrations.models import Registration
from referral.registrations.rules import MoveRefused

REFERENCE, NATIONAL = "registrations_registration_reference", "registrations_national_number"


def next_numbers(sequence: str, letters: str, width: int, moments: Sequence[datetime]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence, len(moments)]
        )
        numbers = [number for (number,) in cursor.fetchall()]
    return [
        f"{letters}-{timezone.localdate(moment).year}-{number:0{width}}"
        for moment, number in zip(moments, numbers, strict=True)
    ]


def locked(registration: Registration, by: Membership) -> Registration:
    return all_locked([registration.pk], by)[0]


def all_locked(ids: Iterable[UUID], by: Membership) -> list[Registration]:
    """These rows, locked in the order of their keys so that two batches never wait in a ring."""
    wanted = list(ids)
    locked = list(
        Registration.objects.visible_to(by)
        .select_for_update(of=("self",))
        .select_related("person__key", "organisation", "submitted_by")
        .filter(pk__in=wanted)
        .order_by("pk")
    )
    if len(locked) != len(wanted):
        raise MoveRefused(_("This step is not yours to take."))
    return locked


def sealed_reference(registration: Registration, own_reference: str) -> bytes:
    """The reference of the reporter's own, sealed under the key of the person."""
    key = registration.person.key
    if not own_reference or key is None:
        return b""
    return seal({"reference": own_reference}, key=key, about=registration.about_own_reference)


def opened_reference(registration: Registration) -> str:
    key = registration.person.key
    if not registration.own_reference or key is None:
        return ""
    sealed = bytes(registration.own_reference)
    return str(unseal(sealed, key=key, about=registration.about_own_reference)["reference"])


def tell_reporter(registration: Registration, kind: Kind, *, at: datetime) -> None:
    post(
        kind,
        to=registration.organisation,
        user=registration.submitted_by,
        on=registration,
        at=at,
    )
