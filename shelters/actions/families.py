"""Who come together: several beds at once or none, and one answer for all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from referral.audit.actions import Line, record_many
from referral.lib.ids import uuid7
from referral.organisations.models import Membership
from shelters.actions.placements import reserve_beds
from shelters.models import FamilyStay, Placement
from shelters.rules import Choice, check_family, taken_in_words


@transaction.atomic
def reserve_for_family(
    choices: Sequence[Choice], *, by: Membership, at: datetime
) -> list[Placement]:
    """A bed for each of a family in one shelter, or no bed for any of them.

    Raises PlacementRefused with a sentence when one of the beds is taken; see reserve_beds.
    """
    check_family(choices)
    placements = reserve_beds(choices, by=by, at=at)
    family = uuid7()
    rows = [FamilyStay(placement=placement, family=family) for placement in placements]
    taken_in_words(lambda: FamilyStay.objects.bulk_create(rows))
    lines = [Line(action="family_bed_reserved", on=placement) for placement in placements]
    record_many(lines, by=by, at=at)
    return placements
