"""Two people look at the figures before anybody else does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from referral.audit.actions import record
from referral.notices.actions import post
from referral.notices.kinds import Kind
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from reporting.models import Release
from reporting.rules import MoveRefused, check_move
from reporting.workflow import Status


@transaction.atomic
def propose_release(release: Release, *, by: Membership, at: datetime) -> Release:
    """An analyst has read the protected figures and asks a colleague to approve them."""
    release = _hold(release, by=by)
    check_move(by, release, Status.PROPOSED)
    release.status, release.proposed_at, release.proposed_by = Status.PROPOSED, at, by.user
    _save(release, ["proposed_at", "proposed_by"])
    record("release_proposed", on=release, by=by, at=at)
    _tell(Kind.RELEASE_PROPOSED, release, by=by, at=at)
    return release


@transaction.atomic
def approve_release(release: Release, *, by: Membership, at: datetime) -> Release:
    """The second person agrees: the figures are sealed and can be downloaded.

    Raises MoveRefused for who proposed it.
    """
    release = _hold(release, by=by)
    check_move(by, release, Status.SEALED)
    details = {"sha256": release.sha256, "warnings": release.warnings}
    release.status, release.approved_at, release.approved_by = Status.SEALED, at, by.user
    release.warnings = []  # dashboards read this row from now on
    _save(release, ["approved_at", "approved_by", "warnings"])
    record("release_sealed", on=release, by=by, at=at, details=details)
    _tell(Kind.RELEASE_SEALED, release, by=by, at=at)
    return release


@transaction.atomic
def return_release(release: Release, *, by: Membership, at: datetime) -> Release:
    """The second person does not agree; the release can be proposed again or withdrawn."""
    release = _hold(release, by=by)
    check_move(by, release, Status.COMPUTED)
    release.status, release.proposed_at, release.proposed_by = Status.COMPUTED, None, None
    _save(release, ["proposed_at", "proposed_by"])
    record("release_returned", on=release, by=by, at=at)
    _tell(Kind.RELEASE_COMPUTED, release, by=by, at=at)
    return release


@transaction.atomic
def withdraw_release(release: Release, *, reason: str, by: Membership, at: datetime) -> Release:
    """The figures no longer stand; that they were there, and why not any more, stays known."""
    release = _hold(release, by=by)
    check_move(by, release, Status.WITHDRAWN)
    if not reason.strip():
        raise MoveRefused(_("Say why these figures no longer stand."))
    release.status, release.withdrawn_at, release.withdrawn_by = Status.WITHDRAWN, at, by.user
    release.withdrawal_reason = reason.strip()[:200]
    _save(release, ["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    record("release_withdrawn", on=release, by=by, at=at)
    return release


def _hold(release: Release, *, by: Membership) -> Release:
    return (
        Release.objects.visible_to(by)
        .select_related("programme")
        .select_for_update(of=["self"])
        .get(pk=release.pk)
    )


def _save(release: Release, fields: Sequence[str]) -> None:
    release.save(update_fields=["status", *fields])


def _tell(kind: Kind, release: Release, *, by: Membership, at: datetime) -> None:
    post(kind, to=by.organisation, role=Role.NRM_ANALYST, on=release, at=at)
