"""Registrations of the demo that were put right: one by its reporter and accepted, one that waits."""

from __future__ import annotations

from datetime import datetime

from referral.demo.country.organisations import Country, working
from referral.registrations.corrections.actions import accept_correction, propose_correction
from referral.registrations.corrections.rules import Correction
from referral.registrations.models import Crossing, Registration, Sector

WHY = (
    "Verzonnen: in het tweede gesprek bleek dat het in een hotel was.",
    "Verzonnen: de grens is pas na de eerste dag overgestoken.",
)


def correct_some(country: Country, *, now: datetime) -> None:
    """Two of one officer, so that a visitor sees the chain and the decision that waits."""
    officer, registrar = country.officers[0], country.registrars[0]
    with working(officer):
        mine = Registration.objects.visible_to(officer).registered().newest_first().with_names()
        corrections = [
            propose_correction(one, _put_right(one), reason=why, by=officer, at=now)
            for one, why in zip(mine[: len(WHY)], WHY, strict=False)
        ]
    if corrections:
        with working(registrar):
            accept_correction(corrections[0], by=registrar, at=now)


def _put_right(one: Registration) -> Correction:
    """The same with another sector and another answer to the border."""
    crossed = one.crossing == Crossing.CROSSBORDER
    return Correction(
        forms=one.forms,
        primary_form=one.primary_form,
        sector=Sector.CLUB if one.sector == Sector.HOTEL else Sector.HOTEL,
        period_from=one.period_from,
        period_to=one.period_to,
        period_absent=one.period_absent,
        place_municipality=one.place_municipality,
        place_country=one.place_country,
        place_absent=one.place_absent,
        crossing=Crossing.DOMESTIC if crossed else Crossing.CROSSBORDER,
        sex=one.person.sex,
        age_group=one.person.age_group,
        is_minor=one.person.is_minor,
    )
