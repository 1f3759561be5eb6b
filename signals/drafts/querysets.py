"""Reads of drafts; the policies of migration 0001 say the same to the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import F, Q

from referral.organisations.permissions import Permission
from signals.drafts.workflow import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from referral.organisations.models import Membership
    from signals.drafts.models import DraftContent, DraftHandover, SavedDraft
    from signals.querysets import Late


class SavedDraftQuerySet(models.QuerySet["SavedDraft"]):
    def visible_to(self, member: Membership) -> Self:
        """One's own, in the organisation for which one acts; nobody else's, whatever the role.

        The sweeper keeps the terms of all and reads the content of none.
        """
        if member.may(Permission.DEADLINE_SWEEP):
            return self.all()
        if not member.may(Permission.SIGNAL_SUBMIT):
            return self.none()
        return self.filter(holder=member.user_id, organisation=member.organisation_id)

    def open(self) -> Self:
        return self.filter(status=Status.OPEN)

    def last_saved_first(self) -> Self:
        return self.order_by("-saved_at", "-pk")

    def over_term(self, lates: Iterable[Late]) -> Self:
        """Open, and last saved in the time of a version and before its moment."""
        late = Q(pk__in=[])
        for one in lates:
            late |= Q(saved_at__contained_by=one.received, saved_at__lt=one.before)
        return self.open().filter(late)

    def not_told(self) -> Self:
        """The holder has not been told since the draft was last saved that it will be wiped."""
        return self.filter(Q(told_at=None) | Q(told_at__lt=F("saved_at")))


class DraftContentQuerySet(models.QuerySet["DraftContent"]):
    def visible_to(self, member: Membership) -> Self:
        """With the own draft; never for a service."""
        if not member.may(Permission.SIGNAL_SUBMIT):
            return self.none()
        drafts = apps.get_model("drafts", "SavedDraft").objects.all()
        return self.filter(draft__in=drafts.visible_to(member))


class DraftHandoverQuerySet(models.QuerySet["DraftHandover"]):
    def visible_to(self, member: Membership) -> Self:
        """Who handed it over, and who got it."""
        mine = Q(handed_by=member.user_id) | Q(to=member.user_id)
        return self.filter(mine) if member.may(Permission.SIGNAL_SUBMIT) else self.none()
