from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from referral.organisations.permissions import Permission

if TYPE_CHECKING:
    from datetime import datetime

    from referral.audit.models import AuditEvent
    from referral.organisations.models import Membership


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def visible_to(self, member: Membership) -> Self:
        """The whole trail for those who oversee it, and nothing for anyone else.

        The policy audit_auditevent_select says the same to the database.
        """
        if member.may(Permission.AUDIT_READ) or member.may(Permission.AUDIT_SEAL):
            return self.all()
        return self.none()

    def between(self, start: datetime, end: datetime) -> Self:
        """Half-open; naming the period lets the database skip the other months."""
        return self.filter(recorded_at__gte=start, recorded_at__lt=end)

    def about(self, object_id: str) -> Self:
        """What was done to one object, also where it was one of the rows of a list."""
        return self.filter(Q(object_id=object_id) | Q(ids__contains=[object_id]))

    def newest_first(self) -> Self:
        return self.order_by("-id")
