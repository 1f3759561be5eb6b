"""What those who wait ask besides, and a proposal for all of them, in the made-up country."""

from __future__ import annotations

from datetime import datetime
from random import Random

from django.utils import timezone

from referral.access.context import acting, service
from referral.demo.country.organisations import Country, working
from referral.organisations.roles import Role
from shelters.matching.actions import compute_proposal, propose_places
from shelters.matching.models import Answer, MatchProposal, Nationality, NeedProfile, Stay
from shelters.models import PlacementRequest
from shelters.workflow import RequestStatus

PROFILES = (
    (Nationality.OTHER, Stay.REFLECTION, Answer.NO),
    (Nationality.EUROPEAN, Stay.REFLECTION, Answer.YES),
    (Nationality.DUTCH, Stay.UNKNOWN, Answer.NO),
    (Nationality.EUROPEAN, Stay.LAWFUL, Answer.UNKNOWN),
    (Nationality.UNKNOWN, Stay.UNKNOWN, Answer.UNKNOWN),
)
LANGUAGES = ("ro", "pl", "en", "bg", "nl", "")
MOST = 60


def match_some(country: Country, *, random: Random, now: datetime) -> None:
    """Once: most answers are known, some still have to be asked; one proposal waits."""
    desk = country.desk[0]
    with working(desk):
        if MatchProposal.objects.visible_to(desk).exists():
            return
        waiting = PlacementRequest.objects.visible_to(desk).filter(status=RequestStatus.SUBMITTED)
        requests = list(waiting.most_urgent_first()[:MOST])
    if not requests:
        return
    for coordinator in country.coordinators.values():
        mine = [r for r in requests if r.organisation_id == coordinator.organisation_id
                and r.requested_by_id == coordinator.user_id]  # fmt: skip
        if mine:
            with working(coordinator):
                NeedProfile.objects.bulk_create(profile(one, random) for one in mine)
    with working(desk):
        proposal = propose_places(by=desk, at=now)
    sweeper = service(Role.SERVICE_SWEEPER)
    with acting(sweeper, purpose="demo"):
        compute_proposal(proposal.pk, by=sweeper, clock=timezone.now)


def profile(request: PlacementRequest, random: Random) -> NeedProfile:
    nationality, stay, labour = random.choice(PROFILES)
    return NeedProfile(
        request=request,
        nationality=nationality,
        stay=stay,
        labour=labour,
        language=random.choice(LANGUAGES),
        pets=random.random() < 0.1,
    )
