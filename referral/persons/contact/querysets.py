"""Reads of contact rules. The policies of migration 0001 say the same: change both together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import connection, models

from referral.persons.querysets import opens_to

if TYPE_CHECKING:
    from uuid import UUID

    from referral.organisations.models import Membership
    from referral.persons.contact.models import ContactRule
    from referral.persons.models import Person


class ContactRuleQuerySet(models.QuerySet["ContactRule"]):
    def visible_to(self, member: Membership) -> Self:
        """Who may know the person may know how to reach the person safely."""
        return self.filter(opens_to(member, "person"))

    def about(self, person: Person) -> Self:
        return self.filter(person=person)

    def standing(self) -> Self:
        return self.filter(stood_until=None)

    def with_names(self) -> Self:
        return self.select_related("person__key", "kept_by").order_by("channel", "-kept_at")


def is_unsafe(person: UUID, channel: str) -> bool:
    """Whether any record of the same person says so, also one that the asker may not see."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT baken.contact_is_unsafe(%s, %s)", [person, channel])
        [answer] = cursor.fetchone() or [True]
    return bool(answer)
