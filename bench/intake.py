"""Signals in bulk, in a database of their own, and who asks for them there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from jwt.algorithms import ECAlgorithm

from bench.country import member
from bench.database import guard, make_database, named, orm_as, owner, unlocked
from referral.access.context import acting, service
from referral.access.models import ApiClient
from referral.geography.models import Municipality, PoliceUnit
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import OrganisationType, Role
from referral.people.actions import add_client
from signals.actions import judge_signal, submit_signals, take_up_signal
from signals.enrichment.models import FlowBasis
from signals.forwarding.actions import fingerprint, preview_extract, send_extract
from signals.forwarding.models import Extract
from signals.forwarding.rules import Packing
from signals.models import AgeGroup, Exploitation, PlaceKind, Signal
from signals.rules import Draft
from signals.search.actions import index_changes
from signals.workflow import Verdict

#: What stories are made of: each of these words stands in about one of six, each name that three
#: syllables make in about one of eight thousand.
WORDS = """
hotel kamer wasstraat telefoon paspoort schuld reis taxi bedreigd chauffeur loon bus slaapt
keuken magazijn nagels vriend klanten woning angst geld bewaakt contract bonnetje weekend auto
camera matras kassa slager kwekerij uitzendbureau foto advertentie bankpas overuren huisbaas
afspraak winkel station
"""
SYLLABLES = """
ba del for gan hov jen kal lim mor nes pol ros sten tav ver wol zan bruk dam kor
"""
#: Of five signals the first is the partner's; of twenty-five one waits in triage.
OTHERS = 4
WAITING = 25
BATCH = 5_000
#: Rows as years of work leave them: judged and closed by the expert centre.
CLOSE = """
UPDATE signals_signal SET status = 'closed', taken_up_at = created_at, taken_up_by_id = %(who)s,
    outcome = 'monitored', outcome_at = created_at, closed_at = created_at, closed_by_id = %(who)s
WHERE status = 'received' AND (right(reference, 6)::int / 5) %% %(waiting)s <> 0
"""


@dataclass(frozen=True)
class Desk:
    """A database with so many signals, and those who work with them."""

    size: int
    address: str
    analyst: Membership
    system: ApiClient
    key: EllipticCurvePrivateKey


@contextmanager
def desk_of(size: int) -> Iterator[Desk]:
    """The ORM on a database with so many signals: as it was left, or made now."""
    name = f"baken_bench_signals_{size}"
    given = os.environ.get("BENCH_GIVEN_URL") or os.environ["DATABASE_URL"]
    make_database(given, name)
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        with orm_as(""):
            call_command("up")
            analyst, system, key = people()
        if signals_there() < size:
            fill(size, analyst, system.membership)
        index()
        yield Desk(size, named(given, name), analyst, system, key)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def people() -> tuple[Membership, ApiClient, EllipticCurvePrivateKey]:
    """An analyst, and a system of the partner that is new at each run."""
    centre, platform = (
        Organisation.objects.of_type(kind).first()
        or Organisation.objects.create(name=f"Bench {kind.value}", type=kind)
        for kind in (OrganisationType.EMM, OrganisationType.PLATFORM)
    )
    facts = {
        "type": OrganisationType.POLICE_UNIT,
        "police_unit": PoliceUnit.objects.order_by("code").first(),
    }
    others = [f"Bench police {number}" for number in range(OTHERS)]
    for name in ("Bench partner", *others):
        Organisation.objects.get_or_create(name=name, defaults=facts)
    for home in Organisation.objects.filter(name__in=others):
        member(Role.LE_POLICE, home)
    key = generate_private_key(SECP256R1())
    keeper, now = member(Role.PLATFORM_ADMIN, platform), timezone.now()
    with acting(keeper, purpose="bench"), transaction.atomic():
        system = add_client(
            Organisation.objects.get(name="Bench partner"),
            name="Bench system",
            role=Role.LE_POLICE,
            jwk=ECAlgorithm.to_jwk(key.public_key()),
            key_until=now + timedelta(days=1),
            by=keeper,
            at=now,
        )
    return member(Role.EMM_ANALYST, centre), system, key


def signals_there() -> int:
    """How many signals there are."""
    with guard() as eyes:
        [count] = eyes.execute("SELECT count(*) FROM signals_signal").fetchone() or [0]
        return int(count)


def fill(size: int, analyst: Membership, partner: Membership) -> None:
    """Sent by five organisations in turn, ten minutes after one another, and then closed."""
    others = Membership.objects.with_names().filter(organisation__name__startswith="Bench police")
    reporters = [partner, *others.order_by("organisation__name")]
    towns = list(Municipality.objects.order_by("pk").values_list("pk", flat=True))
    begin = timezone.now() - timedelta(minutes=10 * (size + 1))
    with orm_as("baken_web"):
        for first in range(signals_there(), size, BATCH):
            numbers = range(first, min(first + BATCH, size))
            for place, reporter in enumerate(reporters):
                own = [n for n in numbers if n % len(reporters) == place]
                times = [begin + timedelta(minutes=10 * n) for n in own]
                with acting(reporter, purpose="bench"):
                    submit_signals([draft(n, towns) for n in own], by=reporter, at=times)
    tables = ["signals_signal"]
    with owner() as hand, unlocked(hand, tables):
        hand.execute(CLOSE, {"who": analyst.user_id, "waiting": WAITING})
    with owner(autocommit=True) as hand:
        hand.execute("VACUUM (ANALYZE)")


def index() -> None:
    """What the clock would have made findable since."""
    relay = service(Role.SERVICE_RELAY)
    with orm_as("baken_worker"), acting(relay, purpose="bench"):
        while index_changes(by=relay, at=timezone.now()):
            pass


def sent_extract(desk: Desk) -> Extract:
    """A signal that was judged and forwarded, as its receiver may print it."""
    who, now = desk.analyst, timezone.now()
    packing = Packing(
        receiver=Organisation.objects.get(name="Bench police 0"),
        basis=FlowBasis.objects.get(code="wpg_15"),
        purpose="Verzonnen doel van een meting.",
        sections=["facts", "story"],
    )
    with acting(who, purpose="bench"), transaction.atomic():
        signal = Signal.objects.visible_to(who).awaiting_triage().by_urgency()[0]
        take_up_signal(signal, by=who, at=now)
        judge_signal(signal, verdict=Verdict.FORWARDED, motivation="Verzonnen.", by=who, at=now)
        seen = fingerprint(preview_extract(signal, packing, by=who, at=now))
        return send_extract(signal, packing, seen=seen, by=who, at=now)


def name(number: int) -> str:
    """Who stands in the story with this number; nobody is called so."""
    random = Random(number)
    return "".join(random.choice(SYLLABLES.split()) for _ in range(3)).capitalize()


def story(number: int) -> str:
    """Made up: words that many share, and a name that few do."""
    words = Random(-number).sample(WORDS.split(), 7)
    return f"Verzonnen relaas {number} van een meting over {name(number)}: {', '.join(words)}."


def draft(number: int, towns: list[str]) -> Draft:
    """The signal with this number: made up, and spread over all that can be told apart."""
    forms = Exploitation.values[:-1]
    return Draft(
        forms=[forms[number % len(forms)]],
        facts=story(number),
        place_kind=PlaceKind.values[number % len(PlaceKind.values)],
        danger=number % 40 == 0,
        municipality_code=towns[number % len(towns)],
        n_victims=1 + number % 3,
        age_group=AgeGroup.MINOR if number % 9 == 0 else AgeGroup.ADULT,
    )
