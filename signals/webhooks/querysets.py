from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from referral.notices.workflow import State
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission

if TYPE_CHECKING:
    from signals.webhooks.models import Endpoint, EndpointSecret, Push


def _sees(member: Membership) -> bool:
    """Who keeps the systems of partners, and who sends; the policies say the same."""
    return member.may(Permission.CLIENTS_MANAGE) or member.may(Permission.NOTICE_RELAY)


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    def visible_to(self, member: Membership) -> Self:
        return self.all() if _sees(member) else self.none()


class SecretQuerySet(models.QuerySet["EndpointSecret"]):
    def visible_to(self, member: Membership) -> Self:
        return self.all() if _sees(member) else self.none()

    def held_at(self, moment: datetime) -> Self:
        """That we sign with now, the newest first."""
        return self.filter(Q(holds_until=None) | Q(holds_until__gt=moment)).order_by("-made_at")


class PushQuerySet(models.QuerySet["Push"]):
    def visible_to(self, member: Membership) -> Self:
        return self.all() if _sees(member) else self.none()

    def due(self, at: datetime) -> Self:
        """To send now, oldest first: to endpoints that are on, of systems that still run."""
        return self.filter(
            state=State.PENDING,
            next_attempt_at__lte=at,
            endpoint__off_at=None,
            endpoint__client__ended_at=None,
            endpoint__client__membership__valid__contains=at,
        ).order_by("next_attempt_at", "pk")

    def latest_first(self) -> Self:
        return self.order_by("-happened_at", "-pk")

    def given_up_since(self, moment: datetime, *, but: Push) -> bool:
        """Whether another one was given up since then."""
        since = self.filter(state=State.DEAD, next_attempt_at__gte=moment)
        return since.exclude(pk=but.pk).exists()
