"""Help asked of others in the demo: a victim-support worker with an inbox, and an override."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import prefetch_related_objects

from referral.cases.models import Case
from referral.cases.referrals.actions import accept_referral, offer_referrals
from referral.cases.referrals.rules import Request
from referral.cases.workflow import CaseStatus
from referral.demo.cast import CARE_SOUTH
from referral.demo.country.organisations import Country, working
from referral.sharing.actions import record_consents, use_other_basis
from referral.sharing.models import Purpose
from referral.sharing.rules import Answer, ConsentEntry, OtherBasisEntry, representatives

REFERRED = 4
MESSAGE = "Verzonnen: wil praten over schadevergoeding. Bel overdag; spreekt Engels."
REASON = "Verzonnen: is nu niet bereikbaar, en er is acuut gevaar."


def refer_some(country: Country, *, now: datetime) -> None:
    """A few referrals in the inbox of the partner organisation, one of them under way."""
    helper = country.ngos[0]
    coordinator = next(
        one for one in country.coordinators.values() if one.organisation.name == CARE_SOUTH
    )
    asked = now - timedelta(hours=2)
    with working(coordinator):
        found = Case.objects.visible_to(coordinator).filter(
            status=CaseStatus.ACTIVE,
            owner_organisation=coordinator.organisation_id,
            offered_to=None,
        )
        cases = list(found.with_names().order_by("-opened_at")[: REFERRED + 1])
        if not cases:
            return
        prefetch_related_objects(cases, "person__key")
        record_consents(
            [
                ConsentEntry(
                    person=case.person,
                    purpose=Purpose.CARE_COORDINATION,
                    recipient=helper.organisation,
                    answer=Answer(
                        given_by=representatives(case.age_group)[0],
                        language="en",
                        interpreter=True,
                        leaflet="2",
                        evidence="paper",
                        evidence_reference=f"D-{number:03}",
                    ),
                    at=asked - timedelta(days=1),
                )
                for number, case in enumerate(cases[:REFERRED], 1)
            ],
            by=coordinator,
            at=now,
        )
        requests = [
            Request(
                case=case,
                receiver=helper.organisation,
                needs=["compensation", "psychological"] if number else ["legal"],
                urgency="normal" if number else "high",
                # The last one is accepted below; its documents are of `papers`.
                sections=[
                    *("message", "situation", "identity", "contact"),
                    *(["documents"] if number == REFERRED - 1 else []),
                ],
                message=MESSAGE,
            )
            for number, case in enumerate(cases[:REFERRED])
        ]
        referrals = offer_referrals(requests, by=coordinator, at=asked)
        use_other_basis(
            OtherBasisEntry(
                person=cases[-1].person,
                purpose=Purpose.CARE_COORDINATION,
                recipient=helper.organisation,
                categories=["situation"],
                basis="vital_interest",
                article="AVG art. 6 lid 1 onder d",
                reason=REASON,
            ),
            by=coordinator,
            at=now,
        )
    with working(helper):
        accept_referral(referrals[-1], by=helper, at=now - timedelta(hours=1))
