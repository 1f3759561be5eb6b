"""Recorded looks at figures, and the download of a sealed file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from referral.audit.actions import record
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from reporting.models import Artefact, Release, ReleaseCell
from reporting.tables import Cell


@dataclass(frozen=True, slots=True)
class Figures:
    """The protected figures of one release, by cell."""

    release: Release
    values: Mapping[str, int]

    def at(self, cell: Cell) -> int:
        """The published value; a cell that was not published is a mistake and raises KeyError."""
        return self.values[cell.code]


@transaction.atomic(savepoint=False)
def list_releases(releases: Iterable[Release], *, by: Membership, at: datetime) -> list[Release]:
    """One page of the list; the look is recorded."""
    shown = list(releases)
    record("releases_listed", by=by, at=at, ids=[release.pk for release in shown])
    return shown


@transaction.atomic(savepoint=False)
def list_home_releases(*, by: Membership, at: datetime) -> list[Release] | None:
    """The newest releases for who publishes them; None for everybody else."""
    if not by.may(Permission.RELEASE_READ):
        return None
    newest = Release.objects.visible_to(by).with_names().newest_first()[:5]
    return list_releases(newest, by=by, at=at)


@transaction.atomic
def open_release(release: Release, *, by: Membership, at: datetime) -> Figures:
    """The protected figures of one release; the look is recorded."""
    values = ReleaseCell.objects.visible_to(by).filter(release=release).values_by_code()
    record("release_opened", on=release, by=by, at=at)
    return Figures(release=release, values=values)


@transaction.atomic
def open_dashboard(release: Release, *, by: Membership, at: datetime) -> Figures:
    """The same figures on a dashboard; only sealed releases have one."""
    values = ReleaseCell.objects.visible_to(by).filter(release=release).values_by_code()
    record("dashboard_opened", on=release, by=by, at=at)
    return Figures(release=release, values=values)


@transaction.atomic
def download_artefact(artefact: Artefact, *, by: Membership, at: datetime) -> Artefact:
    """A sealed file leaves the house; it is recorded with its hash."""
    record(
        "release_downloaded",
        on=artefact.release,
        by=by,
        at=at,
        details={"file": artefact.name, "sha256": artefact.sha256},
    )
    return artefact
