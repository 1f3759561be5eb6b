"""How signals go through the made-up country: rules in two versions, a draft, the watch, tips."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from referral.access.context import service
from referral.demo.country.organisations import Country, working
from referral.organisations.roles import Role
from signals.actions import ask_question, take_up_signal
from signals.models import AgeGroup, Exploitation, PlaceKind, Sex
from signals.routing.actions import (
    activate_rules,
    begin_version,
    count_on,
    order_dry_run,
    plan_shift,
    write_rules,
)
from signals.routing.models import RuleSet
from signals.routing.rules import Wish
from signals.rules import Draft
from signals.tips.actions import send_tip

#: A visitor of the demo looks at the first tip with this code: everybody may know it here.
CODE = "1234567890123456"
HOURS = timedelta(hours=1)
TIPS = (
    (
        "Achter de bakkerij slapen drie mannen in een busje. Zij werken elke dag, ook 's nachts.",
        Exploitation.LABOUR,
        PlaceKind.SHOP,
        "GM0599",
    ),
    (
        "Bij de buren komen veel auto's, kort. Het meisje komt nooit alleen buiten.",
        Exploitation.SEXUAL,
        PlaceKind.HOME,
        "",
    ),
)


def first_rules(country: Country, *, at: datetime) -> None:
    """From the beginning everything goes via the expert centre."""
    coordinator = country.readers[0]
    with working(coordinator):
        if RuleSet.objects.visible_to(coordinator).exists():
            return
        _use(begin_version(by=coordinator, at=at), country, at=at)


def rules_of_today(country: Country, *, now: datetime) -> None:
    """Since last week work goes direct to the inspectors; a draft waits to be tried."""
    coordinator, inspectors = country.readers[0], country.nla[0].organisation
    kmar, at = country.kmar[0].organisation, now - timedelta(days=7)
    labour = Wish(conditions={"form": Exploitation.LABOUR.value}, service=inspectors)
    urgent = Wish(conditions={"danger": "yes"})
    border = Wish(conditions={"place_kind": PlaceKind.BORDER.value}, service=kmar)
    with working(coordinator):
        in_use = RuleSet.objects.visible_to(coordinator).in_use().first()
        draft = begin_version(like=in_use, by=coordinator, at=at)
        _use(write_rules(draft, [urgent, labour], by=coordinator, at=at), country, at=at)
        after = begin_version(like=draft, by=coordinator, at=now - HOURS)
        write_rules(after, [urgent, border, labour], by=coordinator, at=now - HOURS)


def watch_of_today(country: Country, *, now: datetime) -> None:
    """An analyst is on call today, the coordinator behind the analyst."""
    coordinator, analyst = country.readers[0], country.analysts[0]
    with working(coordinator):
        for line, member in ((1, analyst), (2, coordinator)):
            plan_shift(
                member,
                line=line,
                begin=now - HOURS,
                end=now + 12 * HOURS,
                by=coordinator,
                at=now - HOURS,
            )


def tips_of_today(country: Country, *, now: datetime) -> None:
    """Two citizens told something; one of them is asked a question."""
    tips, analyst = service(Role.SERVICE_TIPS), country.analysts[0]
    yesterday = timezone.localdate(now) - timedelta(days=1)
    sent = []
    with working(tips):
        for number, (facts, form, place, municipality) in enumerate(TIPS):
            told = Draft(
                forms=[form],
                facts=facts,
                place_kind=place,
                danger=False,
                municipality_code=municipality,
                observed=DateRange(yesterday, yesterday + timedelta(days=1)),
                sex=Sex.UNKNOWN,
                age_group=AgeGroup.UNKNOWN,
            )
            code = str(int(CODE) + number)
            sent.append(send_tip(told, code=code, by=tips, at=now - (4 - number) * HOURS))
    with working(analyst):
        taken = take_up_signal(sent[0], by=analyst, at=now - 2 * HOURS)
        ask_question(taken, question="In welke straat is dat?", by=analyst, at=now - HOURS)


def _use(draft: RuleSet, country: Country, *, at: datetime) -> None:
    coordinator = country.readers[0]
    run = order_dry_run(draft, by=coordinator, at=at)
    while run.under_way:
        run = count_on(run, by=coordinator)
    activate_rules(draft, by=coordinator, at=at)
