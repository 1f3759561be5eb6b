"""Reads of what a partner's system shows at the door. They come before anyone acts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from datetime import datetime

    from referral.access.models import AccessToken, ClientKey


class ClientKeyQuerySet(models.QuerySet["ClientKey"]):
    def usable_at(self, moment: datetime) -> Self:
        """Of systems that have not ended, whose membership runs, and within the key's own time."""
        return self.filter(
            valid__contains=moment,
            client__ended_at=None,
            client__membership__valid__contains=moment,
            client__membership__user__is_active=True,
            client__membership__organisation__closed_at=None,
        )


class AccessTokenQuerySet(models.QuerySet["AccessToken"]):
    def usable_at(self, moment: datetime) -> Self:
        """Asked at each request: with the key, the system or the membership the token ends too."""
        return self.filter(
            expires_at__gt=moment,
            key__valid__contains=moment,
            client__ended_at=None,
            client__membership__valid__contains=moment,
            client__membership__user__is_active=True,
            client__membership__organisation__closed_at=None,
        )

    def with_member(self) -> Self:
        """With who acts by it, in one query."""
        return self.select_related("client__membership__user", "client__membership__organisation")
