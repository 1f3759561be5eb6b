"""A stay with something in each of its tables, by the deeds that lead there."""

from datetime import timedelta

from django.utils import timezone

from referral.access.context import acting
from shelters.models import EndReason, Placement
from shelters.stays import actions
from shelters.stays.models import BlockerKind, Funding, LongerBecause, Stay
from shelters.stays.rules import Longer, Outflow
from tests.factories.shelters import Place


def followed(placement: Placement, place: Place) -> Stay:
    """A departure that was planned and dropped, a note, and a longer stay that is asked for."""
    worker, now = place.worker, timezone.now()
    with acting(worker, purpose="test"):
        stay = Stay.objects.visible_to(worker).get(pk=placement.pk)
        plan = Outflow(
            stay=stay,
            leave_on=timezone.localdate(now),
            destination=EndReason.OWN_HOME,
            blockers=[BlockerKind.NO_HOUSING],
        )
        actions.plan_outflow(plan, by=worker, at=now)
        actions.drop_outflow(stay, by=worker, at=now)
        actions.write_stay_note(stay, words="Words.", by=worker, at=now)
        asked = Longer(
            stay=stay,
            until=stay.agreed_until + timedelta(days=30),
            reason=LongerBecause.NO_PLACE,
            funding=Funding.MUNICIPALITY,
        )
        actions.ask_extension(asked, by=worker, at=now)
    return stay
