"""Case tables of the demo: one that is called, and one that was held, with agreements."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import prefetch_related_objects
from django.utils import timezone

from referral.cases.calendar.actions import make_address
from referral.cases.models import Case
from referral.cases.tables.actions import Call, add_agreement, call_tables, hold_table
from referral.cases.workflow import CaseStatus
from referral.demo.cast import CARE_SOUTH
from referral.demo.country.organisations import Country, working
from referral.sharing.actions import record_consents
from referral.sharing.models import Purpose
from referral.sharing.rules import Answer, ConsentEntry, representatives

GOALS = (
    "Verzonnen: een school vinden, en afspreken wie er vragen beantwoordt.",
    "Verzonnen: een plan voor de weken na de opvang.",
)
THEIRS = "Verzonnen: gaat mee naar het eerste gesprek op school."
OURS = "Verzonnen: vraagt de gemeente naar leerlingenvervoer."


def subscribe_to_calendar(country: Country, *, now: datetime) -> None:
    """Each coordinator of the cast fetches the own days; what the address was, nobody knows."""
    for coordinator in country.coordinators.values():
        with working(coordinator):
            make_address(by=coordinator, at=now - timedelta(days=12))


def call_some_tables(country: Country, *, now: datetime) -> None:
    """Of two cases of Rotterdam, with the partner organisation."""
    guest = country.ngos[0].organisation
    coordinator = next(
        one for one in country.coordinators.values() if one.organisation.name == CARE_SOUTH
    )
    with working(coordinator):
        found = Case.objects.visible_to(coordinator).filter(
            status=CaseStatus.ACTIVE,
            owner_organisation=coordinator.organisation_id,
            coordinator=coordinator.user_id,
            offered_to=None,
        )
        cases = list(found.with_names().order_by("-opened_at")[: len(GOALS)])
        if not cases:
            return
        prefetch_related_objects(cases, "person__key")
        consents = [
            ConsentEntry(
                person=case.person,
                purpose=Purpose.CASE_TABLE,
                recipient=guest,
                answer=Answer(given_by=representatives(case.age_group)[0], language="nl"),
                at=now - timedelta(hours=3),
            )
            for case in cases
        ]
        record_consents(consents, by=coordinator, at=now)
        today = timezone.localdate(now)
        calls = [
            Call(case=case, goal=goal, held_on=today + timedelta(days=days), guests=[guest])
            for case, goal, days in zip(cases, GOALS, (0, 6), strict=False)
        ]
        held = call_tables(calls, by=coordinator, at=now - timedelta(hours=1))[0]
        hold_table(held, attended=[guest], by=coordinator, at=now)
        for organisation, words in ((guest, THEIRS), (coordinator.organisation, OURS)):
            add_agreement(
                held,
                words=words,
                organisation=organisation,
                due_on=today + timedelta(days=7),
                by=coordinator,
                at=now,
            )
