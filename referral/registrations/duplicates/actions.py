"""The only writers of links between registrations, and the looks at them."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from referral.access.secrets import seal, unseal
from referral.audit.actions import record
from referral.organisations.models import Membership
from referral.persons.actions import Candidate, find_duplicates, open_identity
from referral.registrations.actions.parts import all_locked
from referral.registrations.duplicates.models import DuplicateLink
from referral.registrations.duplicates.rules import LinkRefused, check_link, check_undo, order
from referral.registrations.duplicates.workflow import Status
from referral.registrations.models import Registration


@dataclass(frozen=True, slots=True)
class Opened:
    """One link as the desk reads it: why, in clear."""

    link: DuplicateLink
    reason: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An earlier registration that may be about the same person, and why it may."""

    registration: Registration
    reasons: list[str]


@transaction.atomic(savepoint=False)
def open_links(registration: Registration, *, by: Membership, at: datetime) -> list[Opened]:
    """Look at what this registration is, or once was, linked to; the newest first."""
    record("duplicate_links_opened", on=registration, by=by, at=at)
    links = DuplicateLink.objects.visible_to(by).of(registration).with_names()
    return [Opened(link, _opened(link)) for link in links]


@transaction.atomic(savepoint=False)
def suggest_earlier(
    registration: Registration, *, by: Membership, at: datetime
) -> list[Suggestion]:
    """Earlier registrations of the same record, or of somebody alike; the oldest first.

    Who was registered without a name is compared with nobody: the desk types a number.
    """
    alike: tuple[Candidate, ...] = ()
    if registration.is_full:
        facts = open_identity(registration.person, by=by, at=at)
        alike = find_duplicates(facts, by=by, at=at, besides=registration.person).candidates
    why = {one.person.pk: [str(reason) for reason in one.likeness.reasons] for one in alike}
    why[registration.person_id] = [_("The same person by name")]
    found = (
        Registration.objects.visible_to(by)
        .registered()
        .filter(person__in=why, submitted_at__lte=registration.submitted_at)
        .exclude(links_to_earlier__status=Status.LINKED)
        .oldest_first()
    )
    return [
        Suggestion(one, why[one.person_id]) for one in found if order(one) < order(registration)
    ]


@transaction.atomic
def link_registration(
    registration: Registration,
    earlier: Registration,
    *,
    reason: str,
    by: Membership,
    at: datetime,
) -> DuplicateLink:
    """From now on both are counted as reports about one person; each keeps its number."""
    both = {one.pk: one for one in all_locked({registration.pk, earlier.pk}, by)}
    registration, earlier = both[registration.pk], both[earlier.pk]
    check_link(by, registration, earlier)
    key = registration.person.key
    if key is None:
        raise LinkRefused(_("Of this person nothing is kept any more."))
    link = DuplicateLink(
        registration=registration, earlier=earlier, linked_at=at, linked_by=by.user
    )
    link.reason = seal({"words": reason}, key=key, about=link.about)
    link.save(force_insert=True)
    record("registration_linked", on=registration, by=by, at=at, ids=[earlier.pk])
    return link


@transaction.atomic
def undo_link(link: DuplicateLink, *, by: Membership, at: datetime) -> DuplicateLink:
    """They are counted as two persons again; that they were linked stays known."""
    all_locked({link.registration_id, link.earlier_id}, by)
    link = DuplicateLink.objects.visible_to(by).with_names().get(pk=link.pk)
    check_undo(by, link)
    link.status, link.undone_at, link.undone_by = Status.UNDONE, at, by.user
    link.save(update_fields=["status", "undone_at", "undone_by"])
    record("registration_unlinked", on=link.registration, by=by, at=at, ids=[link.earlier_id])
    return link


def _opened(link: DuplicateLink) -> str:
    key = link.registration.person.key
    return str(unseal(bytes(link.reason), key=key, about=link.about)["words"]) if key else ""
