"""The only writer of weights, and how the page reads them: all versions, in one statement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from referral.audit.actions import record
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from signals.actions.levels import lock_last, write_next
from signals.links.models import LinkWeights
from signals.rules import check_numbers


def list_weights(*, by: Membership) -> list[LinkWeights]:
    return list(LinkWeights.objects.visible_to(by).in_order())


@transaction.atomic
def set_weights(
    points: Mapping[str, int], *, since: date, reason: str, by: Membership, at: datetime
) -> LinkWeights:
    """Write the next version, which holds from the beginning of a day that is still to come."""
    if not by.may(Permission.SIGNAL_LEVELS):
        raise PermissionDenied(_("Your role does not set weights."))
    last = lock_last(LinkWeights.objects.visible_to(by))
    check_numbers(points, before=last)
    weights = write_next(last, points, since=since, reason=reason, at=at)
    record("link_weights_set", on=weights, by=by, at=at, details={"version": weights.version})
    return weights
