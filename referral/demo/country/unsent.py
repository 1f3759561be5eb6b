"""Something that was begun in the demo: a care note that waits for its author."""

from __future__ import annotations

from datetime import datetime

from referral.cases.models import Case
from referral.cases.unsent.actions import Place, keep_form
from referral.cases.unsent.models import Kind
from referral.cases.workflow import CaseStatus
from referral.demo.cast import CARE_SOUTH
from referral.demo.country.organisations import Country, working

BEGUN = "Verzonnen notitie, half af: gebeld over de afspraak met de huisarts. Nog vragen of"


def begin_a_note(country: Country, *, now: datetime) -> None:
    """In the newest case of Rotterdam."""
    coordinator = next(
        one for one in country.coordinators.values() if one.organisation.name == CARE_SOUTH
    )
    with working(coordinator):
        cases = Case.objects.visible_to(coordinator).filter(
            status=CaseStatus.ACTIVE, coordinator=coordinator.user_id, offered_to=None
        )
        case = cases.order_by("-opened_at").first()
        if case is not None:
            place = Place(case=case, kind=Kind.NOTE, about=case.pk)
            keep_form(place, {"text": [BEGUN]}, seen=0, by=coordinator, at=now)
