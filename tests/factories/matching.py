"""Requests with everything that is asked, and proposals as the worker leaves them."""

from datetime import timedelta

from django.utils import timezone

from referral.access.context import acting
from referral.cases.workflow import CaseStatus
from referral.sharing.models import Purpose
from shelters.matching.actions import ask_place, propose_places, reserve_place
from shelters.matching.models import MatchProposal
from shelters.matching.rules.refusals import Asked
from shelters.matching.tasks import compute
from shelters.models import Bed, PlacementRequest
from tests.factories.cases import case_at, give_consent
from tests.factories.shelters import Place, make_request, make_wish

#: What a categorical shelter asks, answered.
FITS = {"nationality": "other", "stay": "reflection"}


def ask(place: Place, **changes: object) -> PlacementRequest:
    """Alice asks a place in a case of hers, with consent."""
    at = timezone.now()
    case = case_at(CaseStatus.ACTIVE, place.country, at=at - timedelta(hours=1))
    give_consent(case, Purpose.PLACEMENT, by=place.alice, at=at - timedelta(minutes=30))
    with acting(place.alice, purpose="test"):
        return ask_place(Asked(wish=make_wish(case), **{**FITS, **changes}), by=place.alice, at=at)


def proposed(place: Place) -> MatchProposal:
    """A proposal for everybody who waits now."""
    with acting(place.desk, purpose="test"):
        proposal = propose_places(by=place.desk, at=timezone.now())
    compute(str(proposal.pk))
    return proposal


def matched(place: Place, bed: Bed | None = None) -> MatchProposal:
    """Something in every table of matching; this bed is reserved, or that of the other house."""
    desk, at = place.desk, timezone.now()
    ask(place)
    with acting(desk, purpose="test"):
        reserve_place(
            make_request(place), bed=bed or place.other.bed, reason="wish", by=desk, at=at
        )
    ask(place)
    return proposed(place)
