"""Signals of one year: sent by every kind of reporter, taken up and judged by the expert centre."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from random import Random

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from referral.demo.country.calendar import Year, later, moments
from referral.demo.country.figures import SIGNALS_A_YEAR
from referral.demo.country.organisations import Country, working
from referral.demo.country.population import whole
from referral.geography.models import Municipality
from referral.organisations.models import Membership
from signals.actions import (
    Closing,
    Judging,
    close_signals,
    confirm_rejections,
    judge_signals,
    submit_signals,
    take_up_signals,
)
from signals.models import AgeGroup, Exploitation, PlaceKind, Sex, Signal
from signals.rules import Draft
from signals.workflow import Feedback, Status, Verdict

#: In a small country few send, so that each sends more than once.
SENT_BY_EACH = 12
#: Who sends signals. An assumption: nothing is published by sender.
SENDERS = {"officers": 0.55, "kmar": 0.08, "nla": 0.12, "front_line": 0.25}
FORMS = {"sexual": 0.45, "labour": 0.33, "criminal": 0.16, "services": 0.03, "begging": 0.03}
VERDICTS = {Verdict.FORWARDED: 0.35, Verdict.MONITORED: 0.25, Verdict.REJECTED: 0.40}
SEEN = {
    "sexual": "Jonge vrouw in een huis met veel kort bezoek; een ander beheert haar telefoon.",
    "labour": "Mensen slapen in de loods waar zij werken en krijgen hun loon niet.",
    "criminal": "Jongen staat nachten achter elkaar op de uitkijk voor oudere mannen.",
    "services": "Vrouw werkt dag en nacht in een huishouden en mag niet alleen naar buiten.",
    "begging": "Zelfde kind bedelt elke dag; een man haalt het geld op.",
}
PLACES = {
    "sexual": (PlaceKind.HOME, PlaceKind.HOTEL, PlaceKind.CLUB, PlaceKind.ONLINE),
    "labour": (PlaceKind.FARM, PlaceKind.FACTORY, PlaceKind.RESTAURANT, PlaceKind.CONSTRUCTION),
    "criminal": (PlaceKind.STREET, PlaceKind.HOME),
    "services": (PlaceKind.HOME,),
    "begging": (PlaceKind.STREET, PlaceKind.SHOP),
}
MOTIVATION = "Weging volgens de richtlijn van de demo."
FEEDBACK_AFTER = 28  # days after a signal came in
JUDGED_AFTER = 9  # days; what is younger still waits in triage


def seed_signals(
    country: Country,
    year: Year,
    *,
    scale: float,
    grain: int,
    random: Random,
    until: datetime,
    tick: Callable[[int], None],
) -> int:
    """Send, take up and judge the signals of the year; tells how many were sent."""
    sent = 0
    counts = whole(SENDERS, max(len(SENDERS), round(SIGNALS_A_YEAR * scale)))
    for kind, count in counts.items():
        senders: list[Membership] = getattr(country, kind)
        for sender, share in dealt(senders, count, random).items():
            times = moments(year, share, grain=grain, random=random)
            sent += send(sender, [at for at in times if at <= until], random)
            tick(share)
    judge(country, random=random, until=until, tick=tick)
    return sent


def dealt(senders: list[Membership], count: int, random: Random) -> dict[Membership, int]:
    """How many each sends; the first ones in the list are larger places and send more."""
    many = min(60, max(2, count // SENT_BY_EACH))
    weights = {sender: 1 / (1 + place / 4) for place, sender in enumerate(senders[:many])}
    counts: dict[Membership, int] = dict.fromkeys(weights, 0)
    for sender in random.choices(list(weights), weights=list(weights.values()), k=count):
        counts[sender] += 1
    return {sender: number for sender, number in counts.items() if number}


def send(sender: Membership, times: list[datetime], random: Random) -> int:
    if times:
        drafts = [draft(sender, at, random) for at in times]
        with working(sender):
            submit_signals(drafts, by=sender, at=times)
    return len(times)


def draft(sender: Membership, at: datetime, random: Random) -> Draft:
    form = random.choices(list(FORMS), weights=list(FORMS.values()))[0]
    day = timezone.localtime(at).date()
    minor = random.random() < 0.12
    return Draft(
        forms=[Exploitation(form)],
        facts=SEEN[form],
        place_kind=random.choice(PLACES[form]),
        danger=random.random() < 0.04,
        municipality_code=place_of(sender, random),
        observed=DateRange(day, day + timedelta(days=1)),
        n_victims=random.choice((1, 1, 1, 2, 3)),
        sex=random.choice((Sex.FEMALE, Sex.FEMALE, Sex.MALE, Sex.UNKNOWN)),
        age_group=AgeGroup.MINOR if minor else AgeGroup.ADULT,
    )


#: Where signals come from when the sender has no municipality: the largest cities by code.
CITIES = ("GM0363", "GM0599", "GM0518", "GM0344", "GM0772", "GM0014", "GM0855", "GM0034")


def place_of(sender: Membership, random: Random) -> str:
    """Somewhere in the sender's own area; for who works nationally, in a large city."""
    organisation = sender.organisation
    if organisation.municipality_id:
        return organisation.municipality_id
    unit = organisation.police_unit_id
    return random.choice(places_of_unit(unit) if unit else CITIES)


@cache
def places_of_unit(unit: str) -> tuple[str, ...]:
    """The codes of the municipalities of a police unit."""
    found = Municipality.objects.valid_on(timezone.localdate()).filter(
        safety_region__police_unit=unit
    )
    return tuple(found.order_by("cbs_code").values_list("cbs_code", flat=True))


def judge(
    country: Country, *, random: Random, until: datetime, tick: Callable[[int], None]
) -> None:
    """Everything that is old enough is judged; nine in ten days later, the rest stays in view.
    A second analyst reads what the first does not pursue.
    """
    analyst, colleague = country.analysts[0], country.readers[0]
    with working(analyst):
        received = Signal.objects.visible_to(analyst).filter(status="received")
        waiting = list(received.order_by("reference"))  # numbered as sent; keys are random
        old = [s for s in waiting if later(s.created_at, days=JUDGED_AFTER, until=until)]
        taken = take_up_signals(old, by=analyst, at=[later_on(s, 1) for s in old])
        judged = [signal for signal in taken if random.random() < 0.95]
        verdicts = random.choices(list(VERDICTS), weights=list(VERDICTS.values()), k=len(judged))
        done = judge_signals(
            [
                Judging(signal=signal, verdict=verdict, motivation=MOTIVATION)
                for signal, verdict in zip(judged, verdicts, strict=True)
            ],
            by=analyst,
            at=[later_on(signal, JUDGED_AFTER - 1) for signal in judged],
        )
        old = [s for s in done if s.status == Status.FORWARDED and is_old(s, until=until)]
        close_signals(
            [Closing(signal=s, feedback=random.choice(list(Feedback))) for s in old],
            by=analyst,
            at=[later_on(s, FEEDBACK_AFTER) for s in old],
        )
    with working(colleague):
        proposed = [signal for signal in done if signal.status == Status.SECOND_READING]
        times = [later_on(signal, JUDGED_AFTER - 1) for signal in proposed]
        confirm_rejections(proposed, by=colleague, at=times)
    tick(len(old))


def is_old(signal: Signal, *, until: datetime) -> bool:
    """Whether its receiver has told by now what became of it."""
    return later(signal.created_at, days=FEEDBACK_AFTER, until=until) is not None


def later_on(signal: Signal, days: int) -> datetime:
    found = later(signal.created_at, days=days, until=timezone.now())
    return found or timezone.now()
