"""Reads of case tables; each begins with `visible_to`. The policies of migration 0001 say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Q

from referral.cases.querysets import FULL
from referral.cases.tables.workflow import TableStatus
from referral.organisations.permissions import Permission

if TYPE_CHECKING:
    from referral.cases.tables.models import Agreement, CaseTable, Invitation
    from referral.organisations.models import Membership


def _in_open_cases(member: Membership) -> Q:
    """Of cases whose full file a coordinator holds now."""
    if not member.may(Permission.REFERRAL_SEND):
        return Q(pk__in=[])
    grants = apps.get_model("cases.CaseGrant")._default_manager.all()
    return Q(case__in=grants.opening_to(member).filter(profile=FULL).values("case"))


def _invited(member: Membership) -> models.QuerySet[Invitation]:
    """The invitations of the member's organisation that stand."""
    invitations = apps.get_model("tables.Invitation")._default_manager
    if not (member.may(Permission.REFERRAL_SEND) or member.may(Permission.REFERRAL_RECEIVE)):
        return invitations.none()
    return invitations.filter(organisation=member.organisation_id, ended_at=None)


class CaseTableQuerySet(models.QuerySet["CaseTable"]):
    def visible_to(self, member: Membership) -> Self:
        """Who holds the file, and who is invited on a ground that holds."""
        return self.filter(_in_open_cases(member) | Q(pk__in=_invited(member).values("table")))

    def open_first(self) -> Self:
        """What is still to be held first, the soonest first."""
        waits = models.Case(models.When(status=TableStatus.PLANNED, then=0), default=1)
        return self.order_by(waits, "held_on", "pk")

    def with_names(self) -> Self:
        """Everything that a line shows. Never the case: out of sight, it would hide the line."""
        return self.select_related("organisation", "called_by")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, member: Membership) -> Self:
        """Who holds the file sees all; an organisation its own, while it stands."""
        return self.filter(_in_open_cases(member) | Q(pk__in=_invited(member).values("pk")))


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, member: Membership) -> Self:
        """Who holds the file sees all; who is invited only what names its organisation."""
        named = Q(organisation=member.organisation_id, table__in=_invited(member).values("table"))
        return self.filter(_in_open_cases(member) | named)

    def first_due_first(self) -> Self:
        return self.select_related("organisation").order_by("due_on", "pk")
