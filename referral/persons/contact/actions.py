"""The only writers and openers of contact rules, and the one way to an address to write to."""

from datetime import datetime

from django.db import transaction

from referral.access.secrets import seal, unseal
from referral.audit.actions import record
from referral.organisations.models import Membership
from referral.persons.contact.models import Channel, ContactRule
from referral.persons.contact.querysets import is_unsafe
from referral.persons.contact.rules import (
    ChannelNotSafe,
    ContactEntry,
    OpenedRule,
    can_keep,
    check_entry,
)
from referral.persons.models import Person
from referral.persons.rules import NotYoursToChange


@transaction.atomic
def keep_contact_rule(
    person: Person, entry: ContactEntry, *, by: Membership, at: datetime
) -> ContactRule:
    """Say of one channel whether it is safe and what to keep to; what stood before is replaced.

    Raises ContactRefused, or NotYoursToChange.
    """
    check_entry(entry)
    person = Person.objects.visible_to(by).select_related("key").get(pk=person.pk)
    if person.key is None or not can_keep(by, person):
        raise NotYoursToChange
    standing = ContactRule.objects.visible_to(by).about(person).standing()
    standing.filter(channel=entry.channel).update(stood_until=at)
    rule = ContactRule(
        person=person, channel=entry.channel, is_safe=entry.is_safe, kept_at=at, kept_by=by.user
    )
    rule.sealed = seal(entry.payload(), key=person.key, about=rule.about)
    rule.save(force_insert=True)
    said = {"channel": entry.channel, "safe": entry.is_safe}
    record("contact_rule_kept", on=person, by=by, at=at, details=said)
    return rule


@transaction.atomic
def open_contact_rules(person: Person, *, by: Membership, at: datetime) -> list[OpenedRule]:
    """How this person can be reached, for one who may know; that they looked is written down."""
    found = ContactRule.objects.visible_to(by).about(person).standing().with_names()
    opened = [
        OpenedRule(_opened(rule), rule.kept_at, rule.kept_by.full_name)
        for rule in found
        if rule.person.key is not None
    ]
    record("contact_rules_opened", on=person, by=by, at=at)
    return sorted(opened, key=lambda one: Channel.values.index(one.entry.channel))


@transaction.atomic
def safe_address(person: Person, channel: Channel, *, by: Membership, at: datetime) -> ContactEntry:
    """Where and how a message for this person may go. Every sender asks this, and nothing else.

    Raises ChannelNotSafe unless the channel is ticked safe, or when another record of the same
    person says that it is not.
    """
    rules = ContactRule.objects.visible_to(by).about(person).standing().with_names()
    rule = rules.filter(channel=channel, is_safe=True).first()
    if rule is None or rule.person.key is None or is_unsafe(person.pk, channel):
        raise ChannelNotSafe
    record("safe_address_asked", on=person, by=by, at=at, details={"channel": str(channel)})
    return _opened(rule)


def _opened(rule: ContactRule) -> ContactEntry:
    key = rule.person.key
    assert key is not None  # noqa: S101 -- asked by the callers
    said = unseal(bytes(rule.sealed), key=key, about=rule.about)
    return ContactEntry(channel=rule.channel, is_safe=rule.is_safe, **said)  # type: ignore[arg-type]
