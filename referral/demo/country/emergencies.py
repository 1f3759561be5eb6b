"""Files opened in an emergency in the demo: one that waits for a verdict, one that has it."""

from __future__ import annotations

from datetime import datetime, timedelta

from referral.cases.emergency.actions import open_in_emergency, review_emergency
from referral.cases.emergency.models import EmergencyReason
from referral.cases.emergency.workflow import Status
from referral.cases.models import Case
from referral.cases.workflow import CaseStatus
from referral.demo.cast import BY_SLUG
from referral.demo.country.organisations import working
from referral.organisations.models import Membership

WORDS = "Verzonnen: de persoon belde om hulp, en de coördinator was niet bereikbaar."
VERDICT = "Verzonnen: er was gevaar, en na een uur is het dossier weer gesloten."


def open_some_in_emergency(*, now: datetime) -> None:
    """The coordinator of the south opened two files of the north; one is judged already."""
    south, north, officer = (
        Membership.objects.with_names().get(user__email=BY_SLUG[slug].email)
        for slug in ("zorg-zuid", "zorg-noord", "privacy")
    )
    with working(north):
        found = Case.objects.visible_to(north).filter(
            status=CaseStatus.ACTIVE, owner_organisation=north.organisation_id
        )
        references = list(found.order_by("-opened_at").values_list("reference", flat=True)[:2])
    opened = []
    with working(south):
        for reference, days in zip(references, (20, 1), strict=False):
            at = now - timedelta(days=days)
            access = open_in_emergency(
                reference,
                reason=EmergencyReason.NOT_REACHED,
                words=WORDS,
                hours=1,
                by=south,
                at=at,
            )
            opened.append(access)
    if opened:
        with working(officer):
            review_emergency(
                opened[0],
                verdict=Status.JUSTIFIED,
                words=VERDICT,
                by=officer,
                at=opened[0].opened_at + timedelta(days=1),
            )
