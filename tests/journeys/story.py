"""The main job of the house, one function a deed, by whoever sits at the screen."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone

from reporting.rules import quarter_before, quarter_name
from tests.journeys.cast import ROTTERDAM, Cast, Colleagues
from tests.journeys.visitors import Visitor

UUID = r"[0-9a-f]{8}-[0-9a-f-]{27}"

# Words that nobody but their readers may find; they stand nowhere else in the story.
NARRATIVE = "Vlinderkwast sleeps behind the bakery and may not leave."
MOTIVATION = "Zonnebloem: three facts of ours agree with this."
NOTE = "Madeliefje dreams badly and asks for the night light."
PERSON = {
    "given_names": "Quirinella",
    "family_name": "Kanariewiek",
    "aliases": "Pimpelmees",
    "birth_date": "23-7-1991",
    "phone": "+31 6 9876 5432",
    "v_number": "2876543210",
    "bsn": "999990019",
}
#: As they may stand somewhere, written as typed or as kept.
PERSONAL = (
    "Quirinella", "Kanariewiek", "Pimpelmees", "1991-07-23", "23-7-1991", "23-07-1991",
    "6 9876 5432", "698765432", "2876543210", "999990019",
)  # fmt: skip
ADDRESS = ("Kanariestraat", "9999ZQ", "Vogelwaarde")


@dataclass
class Places:
    """Where the things of the story are found."""

    signal: str = ""
    registration: str = ""
    case: str = ""
    consent: str = ""
    request: str = ""
    placement: str = ""
    shelter: str = ""
    handoff: str = ""
    release: str = ""
    number: str = ""
    files: tuple[str, ...] = ()


def submits_a_signal(who: Visitor, **answers: Any) -> str:
    who.open("/signals/new/")
    who.send(
        **{
            "danger": "no",
            "forms": ["labour"],
            "facts": NARRATIVE,
            "municipality": ROTTERDAM,
            "place_kind": "restaurant",
            "observed": "gisteren",
            "n_victims": "2",
            "people": ["woman"],
        }
        | answers
    )
    assert who.path.endswith("/receipt/")
    who.read(r"SIG-\d{4}-\d{6}")
    return who.path.removesuffix("receipt/")


def takes_up(analyst: Visitor, signal: str) -> None:
    analyst.open("/signals/triage/")
    analyst.follow(signal)
    analyst.send("/take-up/")


def judges(analyst: Visitor, signal: str) -> None:
    analyst.open(signal)
    analyst.follow("/judge/$")
    analyst.send(verdict="forwarded", motivation=MOTIVATION)
    assert MOTIVATION in analyst.text


def registers(officer: Visitor, signal: str) -> str:
    """From the page of the signal; the police need no consent, care coordination does."""
    officer.open(signal)
    officer.follow(r"/registrations/new/\?signal=")
    officer.send(
        **PERSON,
        nationality="PL",
        sex="female",
        is_minor="no",
        forms=["labour", "sexual"],
        sector="hotel",
        period_from="03-2024",
        place_country="NL",
        place_municipality=ROTTERDAM,
        crossing="crossborder",
        help_wanted="yes",
        consent_how="oral_witness",
    )
    assert re.fullmatch(rf"/registrations/{UUID}/", officer.path), officer.text
    officer.read(r"REG-\d{4}-\d+")
    return officer.path


def completes(registrar: Visitor, registration: str) -> str:
    registrar.open("/registrations/queue/")
    registrar.follow(registration)
    registrar.follow("/complete/$")
    registrar.send(care_needed="yes")
    return registrar.read(r"CM-\d{4}-\d{5}")


def offers_the_case(registrar: Visitor, cast: Cast) -> None:
    registrar.open("/cases/to-offer/")
    registrar.follow("/cases/offer/")
    registrar.send(care_region=str(cast.here.pk), priority="high", needs=["shelter", "legal"])


def accepts_the_case(coordinator: Visitor) -> str:
    coordinator.open("/cases/queue/")
    coordinator.follow(rf"/cases/{UUID}/$")
    case = coordinator.path
    coordinator.send("/accept/")
    return case


def opens_the_whole_file(reader: Visitor, case: str) -> None:
    """With all its parts, also those that are folded at first."""
    reader.open(f"{case}?open=all")


def looks_who_it_is(coordinator: Visitor, case: str) -> None:
    coordinator.open(case)
    coordinator.send("/identity/")
    coordinator.read("Quirinella")


def asks_and_records_consent(coordinator: Visitor, case: str, purpose: str) -> str:
    opens_the_whole_file(coordinator, case)
    coordinator.follow("/consents/$")
    coordinator.send(purpose=purpose)
    coordinator.follow(rf"/consents/{UUID}/$")
    consent = coordinator.path
    coordinator.send(given="yes", how="written", interpreter="yes", leaflet="2026-1")
    return consent


def writes_a_care_note(coordinator: Visitor, case: str) -> None:
    opens_the_whole_file(coordinator, case)
    coordinator.send("/notes/", text=NOTE)
    assert NOTE in coordinator.text


def requests_shelter(coordinator: Visitor, case: str) -> str:
    opens_the_whole_file(coordinator, case)
    coordinator.follow("/shelters/request/")
    coordinator.send(urgency="2_day", needs=["interpreter"])
    return coordinator.links(rf"/shelters/requests/{UUID}/$")[0]


def reserves_a_bed(desk: Visitor, request: str, cast: Cast) -> None:
    desk.open("/shelters/requests/")
    desk.follow(request)
    desk.send("/reserve/", having=str(cast.bed.pk), reason="agreed")  # without reflection period


def takes_in(shelter: Visitor) -> str:
    shelter.open("/shelters/today/")
    shelter.follow("/shelters/placements/")
    placement = shelter.path
    shelter.send("/accept/")
    shelter.send("/arrive/")
    return placement


def asks_for_the_address(coordinator: Visitor, case: str) -> str:
    opens_the_whole_file(coordinator, case)
    coordinator.follow("/address/$")
    coordinator.send(purpose="visit")
    coordinator.read("Kanariestraat 913")
    return coordinator.path


def offers_a_handoff(coordinator: Visitor, case: str, cast: Cast) -> str:
    coordinator.open(case)
    coordinator.follow("/handoff/$")
    coordinator.send(
        care_region=str(cast.there.pk),
        reason="moved",
        warm_meeting_on=f"{timezone.localdate():%d-%m-%Y}",
        victim_informed="yes",
    )
    return coordinator.links(rf"/cases/handoffs/{UUID}/$")[0]


def accepts_the_handoff(bob: Visitor, handoff: str) -> None:
    bob.open("/cases/queue/")
    bob.follow(handoff)
    bob.send("/accept/")


def ends_the_stay(shelter: Visitor, placement: str) -> None:
    shelter.open(placement)
    shelter.follow("/end/$")
    shelter.send(reason="own_home")


def closes_the_case(bob: Visitor, case: str) -> None:
    bob.open(case)
    bob.follow("/close/$")
    bob.send(reason="goals_reached", outcome="safe_independent", person_informed="yes")


def orders_the_release(rapporteur: Visitor) -> str:
    begin, _end = quarter_before(timezone.localdate())
    rapporteur.open("/releases/")
    rapporteur.send(period=quarter_name(begin))
    assert re.fullmatch(rf"/releases/{UUID}/", rapporteur.path)
    return rapporteur.path


def waits_for_the_figures(rapporteur: Visitor, release: str, *, seconds: float = 60) -> None:
    """A worker computes them; the page says when they are there."""
    end = monotonic() + seconds
    rapporteur.open(release)
    while not any(form.get("action", "").endswith("/propose/") for form in rapporteur.page.forms):
        assert monotonic() < end, rapporteur.text
        sleep(0.5)
        rapporteur.open(release)


def proposes(rapporteur: Visitor, release: str) -> None:
    rapporteur.open(release)
    rapporteur.send("/propose/")


def approves(second: Visitor, release: str) -> None:
    second.open(release)
    second.send("/approve/")


def finds_the_files(rapporteur: Visitor, release: str) -> tuple[str, ...]:
    rapporteur.open(release)
    return tuple(rapporteur.links("/releases/files/"))


def looks_at_the_dashboard(policy: Visitor) -> None:
    policy.open("/dashboard/")
    for address in policy.links(""):
        path = urlsplit(address).path
        assert not re.search(UUID, path), f"{address} leads from figures to something else"


def last_quarter() -> datetime:
    """A moment in the quarter that is published."""
    begin, _end = quarter_before(timezone.localdate())
    return datetime.combine(begin, time(12), tzinfo=UTC) + timedelta(days=2)


def from_signal_to_closed_case(at: Colleagues) -> Places:
    """The whole story, without looking left or right; `test_main_job` looks."""
    cast, places = at.cast, Places()
    submits_a_signal(at.inspector, place_kind="farm", sector="agriculture")
    submits_a_signal(at.front_line, forms=["sexual"], place_kind="home")
    places.signal = submits_a_signal(at.officer)
    takes_up(at.analyst, places.signal)
    judges(at.analyst, places.signal)
    places.registration = registers(at.officer, places.signal)
    places.number = completes(at.registrar, places.registration)
    offers_the_case(at.registrar, cast)
    places.case = accepts_the_case(at.coordinator)
    looks_who_it_is(at.coordinator, places.case)
    places.consent = asks_and_records_consent(at.coordinator, places.case, "placement")
    writes_a_care_note(at.coordinator, places.case)
    places.request = requests_shelter(at.coordinator, places.case)
    reserves_a_bed(at.placement, places.request, cast)
    places.placement = takes_in(at.shelter)
    places.shelter = asks_for_the_address(at.coordinator, places.case).removesuffix("address/")
    asks_and_records_consent(at.coordinator, places.case, "handoff")
    places.handoff = offers_a_handoff(at.coordinator, places.case, cast)
    accepts_the_handoff(at.bob, places.handoff)
    ends_the_stay(at.shelter, places.placement)
    closes_the_case(at.bob, places.case)
    return places
