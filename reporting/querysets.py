"""Reads of figures. True counts have no queryset: only the statistics service opens them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from referral.organisations.permissions import Permission
from reporting.workflow import OPEN, Status

if TYPE_CHECKING:
    from datetime import date, datetime

    from referral.organisations.models import Membership
    from reporting.models import Artefact, Release, ReleaseCell


class ReleaseQuerySet(models.QuerySet["Release"]):
    def visible_to(self, member: Membership) -> Self:
        """The Rapporteur sees every release, a dashboard sealed ones.

        The policy reporting_release_select says the same to the database.
        """
        if member.may(Permission.RELEASE_READ):
            return self.all()
        if member.may(Permission.DASHBOARD_READ):
            return self.filter(status=Status.SEALED)
        return self.none()

    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def sealed(self) -> Self:
        return self.filter(status=Status.SEALED)

    def newest_first(self) -> Self:
        return self.order_by("-period_to", "-requested_at")

    def of(self, programme: str) -> Self:
        return self.filter(programme__code=programme)

    def ending_by(self, day: date) -> Self:
        return self.filter(period_to__lte=day)

    def published_over_the_period_of(self, release: Release) -> Self:
        """What was sealed over the same period, withdrawn since or not, newest first."""
        return self.filter(
            programme=release.programme_id,
            period_from=release.period_from,
            period_to=release.period_to,
            source=release.source,
            approved_at__isnull=False,
        ).order_by("-approved_at")

    def silent_since(self, moment: datetime) -> Self:
        """Under way without a sign of life: the worker was killed, or was never woken."""
        return self.filter(status=Status.COMPUTING, moved_on__lt=moment)

    def with_names(self) -> Self:
        return self.select_related(
            "programme", "counting_rules", "requested_by", "proposed_by", "approved_by"
        )


class CellQuerySet(models.QuerySet["ReleaseCell"]):
    def visible_to(self, member: Membership) -> Self:
        """The protected figures of releases that the member sees."""
        release: Any = self.model._meta.get_field("release").related_model
        return self.filter(release__in=release._default_manager.visible_to(member))

    def values_by_code(self) -> dict[str, int]:
        return dict(self.values_list("code", "value"))


class ArtefactQuerySet(models.QuerySet["Artefact"]):
    def visible_to(self, member: Membership) -> Self:
        """Files of sealed releases, for who may download them; all, for the service that makes them.

        The policy reporting_artefact_select says the same to the database.
        """
        if member.may(Permission.TRUE_COUNTS):
            return self.all()
        if not member.may(Permission.RELEASE_DOWNLOAD):
            return self.none()
        return self.filter(release__status=Status.SEALED)
