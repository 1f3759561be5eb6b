from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from referral.organisations.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable

    from referral.organisations.models import Membership
    from referral.persons.models import Identity, IdentityKey, Person, PersonGrant


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, member: Membership) -> Self:
        """The national desk sees all; others whom a valid grant names; statistics count all.

        The policy persons_person_select says the same to the database.
        """
        if member.may(Permission.PERSON_READ_ALL) or member.may(Permission.TRUE_COUNTS):
            return self.all()
        if not member.may(Permission.PERSON_READ_GRANTED):
            return self.none()
        grants = self.model._meta.get_field("grants").related_model._default_manager
        return self.filter(Exists(grants.opening_to(member).filter(person=OuterRef("pk"))))


class IdentityQuerySet(models.QuerySet["Identity"]):
    def visible_to(self, member: Membership) -> Self:
        """As a person, but never for statistics: counting needs no names."""
        if member.may(Permission.PERSON_READ_ALL):
            return self.all()
        if not member.may(Permission.PERSON_READ_GRANTED):
            return self.none()
        persons = self.model._meta.get_field("person").related_model
        grants = persons._meta.get_field("grants").related_model._default_manager
        return self.filter(Exists(grants.opening_to(member).filter(person=OuterRef("pk"))))


class IdentityKeyQuerySet(models.QuerySet["IdentityKey"]):
    def visible_to(self, member: Membership) -> Self:
        """The keys of those whose identity may be seen."""
        if member.may(Permission.PERSON_READ_ALL):
            return self.all()
        if not member.may(Permission.PERSON_READ_GRANTED):
            return self.none()
        persons = self.model._meta.get_field("person").related_model
        grants = persons._meta.get_field("grants").related_model._default_manager
        return self.filter(Exists(grants.opening_to(member).filter(person=OuterRef("person"))))

    def matching(self, hashes: Iterable[bytes]) -> Self:
        return self.filter(hmac__in=list(hashes))


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
