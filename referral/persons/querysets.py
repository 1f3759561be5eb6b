"""Reads of persons. The policies of migration 0001 say the same: change both together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Sum, When
from django.db.models.functions import Now

from referral.organisations.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from referral.organisations.models import Membership
    from referral.persons.models import Identity, IdentityKey, Person, PersonGrant

#: What the database writes as the reason of a grant that follows an emergency access to a case.
EMERGENCY = "break_glass"


class PersonGrantQuerySet(models.QuerySet["PersonGrant"]):
    def visible_to(self, member: Membership) -> Self:
        """The national desk sees every grant; an organisation those it was given."""
        if member.may(Permission.PERSON_READ_ALL):
            return self.all()
        return self.filter(organisation_id=member.organisation_id)

    def opening_to(self, member: Membership) -> Self:
        """The grants by which this member may look now; the database's clock decides."""
        return self.filter(
            Q(user=None) | Q(user_id=member.user_id),
            organisation_id=member.organisation_id,
            valid__contains=Now(),
        )

    def for_work(self) -> Self:
        return self.filter(level="work")


def opens_to(member: Membership, person: str) -> Q:
    """Rows whose person (in the field `person`) the member may know by name."""
    if member.may(Permission.PERSON_READ_ALL):
        return Q()
    grants: PersonGrantQuerySet = apps.get_model("persons.PersonGrant")._default_manager.all()
    mine = grants.opening_to(member).filter(person=OuterRef(person))
    if member.may(Permission.PERSON_READ_GRANTED):
        return Q(Exists(mine))
    if member.may(Permission.EMERGENCY_OPEN):
        return Q(Exists(mine.filter(user=member.user_id, reason=EMERGENCY)))
    return Q(pk__in=[])


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, member: Membership) -> Self:
        """The national desk sees all; others whom a valid grant names; statistics count all."""
        if member.may(Permission.TRUE_COUNTS):
            return self.all()
        return self.filter(opens_to(member, "pk"))


class IdentityQuerySet(models.QuerySet["Identity"]):
    def visible_to(self, member: Membership) -> Self:
        """As a person, but never for statistics: counting needs no names."""
        return self.filter(opens_to(member, "person"))


class IdentityKeyQuerySet(models.QuerySet["IdentityKey"]):
    def visible_to(self, member: Membership) -> Self:
        """The keys of those whose identity may be seen."""
        return self.filter(opens_to(member, "person"))

    def matching(self, hashes: Iterable[bytes]) -> Self:
        return self.filter(hmac__in=list(hashes))

    def most_promising(self, promise: Iterable[tuple[str, int]], *, most: int) -> list[UUID]:
        """The persons whom the most telling of these keys name; `promise` weighs each kind."""
        weighed = Case(*(When(kind=kind, then=weight) for kind, weight in promise))
        hits = self.order_by().values("person").annotate(promise=Sum(weighed))
        ordered = hits.order_by("-promise", "person")[:most]
        return [hit["person"] for hit in ordered]
