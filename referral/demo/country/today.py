"""What waits today in the demo: fresh signals and reports, next steps, a bed to be answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from referral.cases.actions import plan_next_step
from referral.cases.models import Case, NextStep
from referral.demo.country.files import add_files, begin_drafts
from referral.demo.country.indications import draft, place_of
from referral.demo.country.matched import match_some
from referral.demo.country.named import said_by
from referral.demo.country.organisations import Country, working
from referral.demo.country.placing import fill_the_desk
from referral.demo.country.population import presumed_victims
from referral.demo.country.regions import cover_regions
from referral.demo.country.routes import rules_of_today, tips_of_today, watch_of_today
from referral.demo.country.stays import fits
from referral.demo.country.victims import entry, reporters
from referral.geography.models import Municipality
from referral.organisations.models import Membership
from referral.registrations.actions import submit_registrations
from shelters.actions import reserve_beds
from shelters.models import Bed, PlacementRequest
from shelters.rules import Choice
from signals.actions import deepen_signal, submit_signals
from signals.models import Knowledge, Signal, Strength
from signals.rules import Findings, offered_indicators

SIGNALS, REPORTS, OFFERS = 18, 4, 2
#: One in so many of the signals of today has been deepened.
DEEPENED = 4
#: One in so many names whom and what the reporter knows.
NAMING = 2
INTERPRETATION = "Verzonnen: het lijkt geen toeval, er wordt voor deze mensen beslist."
STEPS = (NextStep.MAKE_PLAN, NextStep.REVIEW_PLAN, NextStep.ASK_CONSENT)


def fill_today(country: Country, *, figures: int, random: Random, now: datetime) -> None:
    """Give everybody in the demo something to do."""
    rules_of_today(country, now=now)
    watch_of_today(country, now=now)
    send_signals(country, random=random, now=now)
    add_files(country, now=now)
    begin_drafts(country, now=now)
    report_victims(country, figures=figures, random=random, now=now)
    plan_steps(country, random=random, now=now)
    offer_beds(country, now=now)
    tips_of_today(country, now=now)
    cover_regions(country, now=now)
    fill_the_desk(country, now=now)
    match_some(country, random=random, now=now)


def send_signals(country: Country, *, random: Random, now: datetime) -> None:
    senders = [
        country.officers[0],
        country.nla[0],
        country.kmar[0],
        country.front_line[0],
        *country.officers[1:4],
    ]
    for first, sender in enumerate(senders):
        numbers = range(first, SIGNALS, len(senders))
        moments = [now - timedelta(minutes=random.randrange(10, 30 * 60)) for _ in numbers]
        sent = [draft(sender, at, random) for at in moments]
        for place, number in enumerate(numbers):
            if number % NAMING == 0:
                sent[place] = replace(sent[place], said=said_by(sender, random))
        with working(sender):
            signals = submit_signals(sent, by=sender, at=moments)
            for signal, number in zip(signals, numbers, strict=True):
                if number % DEEPENED == 0:
                    deepen(signal, by=sender, random=random, at=now)


def deepen(signal: Signal, *, by: Membership, random: Random, at: datetime) -> None:
    """Some who sent a signal know more of it: a few strong signs, and one that was not there."""
    offered = offered_indicators(signal, on=timezone.localdate(at))
    signs = [name for name, one in offered.items() if one.strength == Strength.STRONG]
    *known, looked_for = random.sample(signs, k=random.choice((2, 3, 4)))
    sources = (Knowledge.SEEN, Knowledge.TOLD_BY_PERSON, Knowledge.FILE)
    answers = {name: random.choice(sources) for name in known}
    findings = Findings(
        answers={**answers, looked_for: Knowledge.NOT_SEEN}, interpretation=INTERPRETATION
    )
    deepen_signal(signal, findings, by=by, at=at)


def report_victims(country: Country, *, figures: int, random: Random, now: datetime) -> None:
    known = reporters(country)
    places = {m.pk: m for m in Municipality.objects.valid_on(timezone.localdate(now))}
    for person in presumed_victims(figures, scale=0.01, random=random)[:REPORTS]:
        reporter = known[person.reporter][0]
        at = now - timedelta(hours=random.randrange(1, 30))
        report = entry(person, at, places[place_of(reporter, random)], random)
        with working(reporter):
            submit_registrations([report], by=reporter, at=at)


def plan_steps(country: Country, *, random: Random, now: datetime) -> None:
    """Open cases have a step of the coming weeks; here and there one is a day late."""
    for coordinator in country.coordinators.values():
        with working(coordinator):
            mine = Case.objects.visible_to(coordinator).filter(
                status="active",
                owner_organisation=coordinator.organisation,
                offered_to=None,
                next_step=NextStep.FIRST_CONTACT,
                accepted_at__lt=now - timedelta(days=10),
            )
            for case in mine.order_by("pk"):
                plan_next_step(
                    case,
                    step=random.choice(STEPS),
                    deadline=timezone.localdate(now) + timedelta(days=random.randrange(-1, 25)),
                    by=coordinator,
                    at=now - timedelta(days=2),
                )


def offer_beds(country: Country, *, now: datetime) -> None:
    """Some of those who wait get a bed offered just now; the shelter still has to answer."""
    desk = country.desk[0]
    with working(desk):
        waiting = PlacementRequest.objects.visible_to(desk).open().filter(status="submitted")
        free = list(Bed.objects.visible_to(desk).free_at(now).with_names())
        for request in waiting.most_urgent_first()[:OFFERS]:
            bed = next((bed for bed in free if fits(bed, request)), None)
            if bed is not None:
                free.remove(bed)
                reserve_beds(
                    [Choice(request=request, bed=bed)], by=desk, at=now - timedelta(minutes=40)
                )
