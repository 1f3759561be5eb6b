"""Contact rules as somebody who works with a person keeps them."""

from django.utils import timezone

from referral.access.context import acting
from referral.organisations.models import Membership
from referral.persons.contact.actions import keep_contact_rule
from referral.persons.contact.models import ContactRule
from referral.persons.contact.rules import ContactEntry
from referral.persons.models import Person


def make_contact_rule(
    person: Person,
    *,
    by: Membership,
    channel: str = "phone",
    is_safe: bool = True,
    address: str = "+31698765432",
) -> ContactRule:
    entry = ContactEntry(
        channel=channel,
        is_safe=is_safe,
        address=address,
        language="pl",
        hours="Canary hours",
        code_word="Canary word",
    )
    with acting(by, purpose="test"):
        return keep_contact_rule(person, entry, by=by, at=timezone.now())
