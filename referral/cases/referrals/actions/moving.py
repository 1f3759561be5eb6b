"""Parts of several deeds: hold a referral still, move it, tell the other side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from referral.audit.actions import record
from referral.cases.referrals.models import Referral
from referral.cases.referrals.rules import check_move_referral
from referral.cases.referrals.workflow import ReferralStatus
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership
from referral.organisations.roles import Role


def hold_referral(referral: Referral, to: ReferralStatus, *, by: Membership) -> Referral:
    """The referral as it is now; nobody else moves it meanwhile, so of many answers one wins.

    Raises Referral.DoesNotExist and MoveRefused.
    """
    found = Referral.objects.visible_to(by).with_names().filter(pk=referral.pk)
    held = found.select_for_update(of=["self"]).get()
    check_move_referral(by, held, to)
    return held


def move(
    referral: Referral,
    to: ReferralStatus,
    fields: Sequence[str],
    *,
    by: Membership,
    at: datetime,
) -> None:
    """Write the new status with these fields, and a line in the trail."""
    referral.status = to
    referral.save(update_fields=["status", *fields])
    record(f"referral_{to.value}", on=referral, by=by, at=at, purpose=referral.purpose)


def tell_receiver(kind: Kind, referrals: Sequence[Referral], *, at: datetime) -> None:
    """The team hears of it: everybody there who may take referrals up."""
    letters = [
        Letter(kind=kind, to=one.to_organisation, on=one, urgent=one.urgency == "crisis")
        for one in referrals
    ]
    post_many(letters, at=at)


def tell_sender(kind: Kind, referral: Referral, *, at: datetime) -> None:
    """The coordinators of the organisation that asked hear of it."""
    letter = Letter(kind=kind, to=referral.from_organisation, role=Role.ZC, on=referral)
    post_many([letter], at=at)
