"""A coordinator asks a place, with everything that makes it safe and allowed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import prefetch_related_objects

from referral.cases.models import Case
from referral.lib.moments import When
from referral.organisations.models import Membership
from shelters.actions import request_shelters
from shelters.matching.models import NeedProfile
from shelters.matching.rules.refusals import Asked, check_asked
from shelters.models import PlacementRequest


def ask_place(asked: Asked, *, by: Membership, at: datetime) -> PlacementRequest:
    """One request; see ask_places."""
    return ask_places([asked], by=by, at=at)[0]


@transaction.atomic
def ask_places(wanted: Sequence[Asked], *, by: Membership, at: When) -> list[PlacementRequest]:
    """Ask the national desk a place for these people; the request and its profile are one deed.

    Who is to be kept apart is named by a case that the coordinator may see. Raises as
    shelters.actions.request_shelters does, and MatchRefused.
    """
    named = {reference for asked in wanted for reference in asked.apart}
    known = dict(
        Case.objects.visible_to(by).filter(reference__in=named).values_list("reference", "pk")
    )
    prefetch_related_objects([asked.wish.case for asked in wanted], "person")
    for asked in wanted:
        check_asked(asked, {name: known[name] for name in asked.apart if name in known})
    requests = request_shelters([asked.wish for asked in wanted], by=by, at=at)
    NeedProfile.objects.bulk_create(
        NeedProfile(
            request=request,
            nationality=asked.nationality,
            stay=asked.stay,
            labour=asked.labour,
            children=asked.children,
            pets=asked.pets,
            language=asked.language,
            avoid_regions=sorted(region.pk for region in asked.avoid_regions),
            apart=sorted(known[name] for name in asked.apart),
        )
        for request, asked in zip(requests, wanted, strict=True)
    )
    return requests
