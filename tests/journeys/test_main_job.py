"""The main job from the first signal to the published figures, and who sees none of it."""

import csv
import io
from zipfile import ZipFile

import pikepdf
import pytest
from openpyxl import load_workbook

from referral.access.context import acting
from referral.audit.models import AuditEvent
from referral.notices.kinds import Kind
from referral.notices.models import Notice
from referral.organisations.models import Membership
from reporting.tasks import compute
from tests.journeys import story
from tests.journeys.cast import Colleagues, make_cast, register_last_quarter
from tests.journeys.story import ADDRESS, MOTIVATION, NARRATIVE, NOTE, PERSONAL
from tests.journeys.visitors import ClientVisitor, Visitor

pytestmark = pytest.mark.django_db
DEEDS = frozenset(
    {
        "signal_submitted", "signal_taken_up", "signal_judged", "registration_submitted",
        "registration_completed", "case_offered", "case_accepted", "identity_opened",
        "consent_asked", "consent_given", "care_note_written", "shelter_requested",
        "bed_reserved", "placement_accepted", "arrival_recorded", "shelter_address_revealed",
        "handoff_offered", "handoff_accepted", "placement_ended", "case_closed",
    }
)  # fmt: skip


@pytest.fixture
def at() -> Colleagues:
    return Colleagues(make_cast(), ClientVisitor)


def not_there(path: str, visitors: list[Visitor]) -> None:
    """The page and its deeds do not exist for them."""
    for visitor in visitors:
        assert visitor.status(path) == 404, (visitor.member.role, path)


def nothing_can_be_sent(path: str, visitors: list[Visitor]) -> None:
    for visitor in visitors:
        assert visitor.status(path, deed=True) == 404, (visitor.member.role, path)


def never_read(visitor: Visitor, *words: str) -> None:
    """Of all pages that this colleague has had on the screen none held these words."""
    for page in visitor.seen:
        for word in words:
            assert word not in page, (visitor.member.role, word)


def trail(officer: Membership) -> list[str]:
    with acting(officer, purpose="test"):
        return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


def told(kind: Kind, *, to: Membership) -> bool:
    with acting(to, purpose="test"):
        return Notice.objects.filter(kind=kind, organisation=to.organisation).exists()


def test_a_signal_is_sent_by_three_services_and_judged_by_the_expert_centre(at):
    by_inspector = story.submits_a_signal(at.inspector, place_kind="farm", sector="agriculture")
    by_front_line = story.submits_a_signal(at.front_line, forms=["sexual"])
    signal = story.submits_a_signal(at.officer)
    for path, sender in (
        (by_inspector, "inspector"), (by_front_line, "front_line"), (signal, "officer"),
    ):  # fmt: skip
        not_there(path, at.others(sender, "analyst"))
        nothing_can_be_sent(f"{path}take-up/", at.others("analyst"))

    at.analyst.open("/signals/triage/")
    for path in (by_inspector, by_front_line, signal):
        assert at.analyst.links(path)
    story.takes_up(at.analyst, signal)
    nothing_can_be_sent(f"{signal}judge/", at.others("analyst"))
    story.judges(at.analyst, signal)

    at.officer.open(signal)
    assert NARRATIVE in at.officer.text
    never_read(at.officer, MOTIVATION)
    lines = trail(at.cast.privacy)
    assert lines.count("signal_submitted") == 3
    assert {"signal_taken_up", "signal_judged", "signal_opened"} <= set(lines)


def test_nobody_outside_reads_who_was_registered(at):
    signal = story.submits_a_signal(at.officer)
    registration = story.registers(at.officer, signal)
    never_read(at.officer, *PERSONAL[:2])
    not_there(registration, at.others("officer", "registrar"))
    nothing_can_be_sent(f"{registration}identity/", at.others("officer", "registrar"))
    nothing_can_be_sent(f"{registration}complete/", at.others("registrar"))

    assert story.completes(at.registrar, registration).startswith("CM-")
    never_read(at.registrar, NARRATIVE, MOTIVATION)
    assert at.registrar.status(signal) == 404
    assert {"registration_submitted", "registration_completed"} <= set(trail(at.cast.privacy))


def test_the_whole_job_and_its_walls(at):
    cast = at.cast
    signal = story.submits_a_signal(at.officer)
    story.takes_up(at.analyst, signal)
    story.judges(at.analyst, signal)
    registration = story.registers(at.officer, signal)
    number = story.completes(at.registrar, registration)
    story.offers_the_case(at.registrar, cast)

    # On offer: the region sees the envelope and nobody; others see nothing.
    at.coordinator.open("/cases/queue/")
    at.coordinator.follow("/cases/[0-9a-f-]{36}/$")
    case = at.coordinator.path
    never_read(at.coordinator, number, *PERSONAL)
    assert at.coordinator.status(f"{case}identity/", deed=True) == 404
    outsiders = at.others("coordinator", "registrar", "placement", "privacy")
    not_there(case, outsiders)
    nothing_can_be_sent(f"{case}accept/", at.others("coordinator", "bob", "charlie"))

    assert story.accepts_the_case(at.coordinator) == case
    story.looks_who_it_is(at.coordinator, case)
    story.asks_and_records_consent(at.coordinator, case, "placement")
    story.writes_a_care_note(at.coordinator, case)
    not_there(case, outsiders)
    nothing_can_be_sent(f"{case}notes/", at.others("coordinator"))
    assert at.coordinator.status(signal) == 404
    at.registrar.open(case)
    at.placement.open(case)

    request = story.requests_shelter(at.coordinator, case)
    not_there(request, at.others("coordinator", "placement"))
    story.reserves_a_bed(at.placement, request, cast)
    at.shelter.open("/shelters/today/")
    at.shelter.follow("/shelters/placements/")
    placement = at.shelter.path
    assert at.shelter.status(case) == 404  # not before somebody comes
    not_there(placement, at.others("coordinator", "placement", "shelter"))
    assert story.takes_in(at.shelter) == placement
    at.shelter.open(case)
    assert at.other_shelter.status(case) == 404

    address = story.asks_for_the_address(at.coordinator, case)
    not_there(address, at.others("coordinator", "placement", "shelter"))
    nothing_can_be_sent(address, at.others("coordinator", "placement", "shelter"))

    hands_over(at, case)
    story.ends_the_stay(at.shelter, placement)
    story.closes_the_case(at.bob, case)
    story.opens_the_whole_file(at.bob, case)
    assert not [form for form in at.bob.page.forms if form.get("action", "").endswith("/notes/")]
    reads_only_what_is_theirs(at)
    for kind, receiver in (
        (Kind.SIGNAL_RECEIVED, cast.analyst),
        (Kind.SIGNAL_JUDGED, cast.officer),
        (Kind.CASE_OFFERED, cast.coordinator),
        (Kind.HANDOFF_OFFERED, cast.bob),
        (Kind.HANDOFF_ACCEPTED, cast.coordinator),
    ):
        assert told(kind, to=receiver), kind
    recorded = trail(cast.privacy)
    assert not DEEDS.difference(recorded), sorted(set(recorded))


def hands_over(at: Colleagues, case: str) -> None:
    """From Alice's region to Bob's: she loses write at once and still reads; he gets it all."""
    story.asks_and_records_consent(at.coordinator, case, "handoff")
    handoff = story.offers_a_handoff(at.coordinator, case, at.cast)
    not_there(handoff, at.others("coordinator", "bob"))
    at.bob.open(handoff)
    never_read(at.bob, NOTE, *PERSONAL)
    nothing_can_be_sent(f"{case}notes/", [at.charlie])
    written = at.coordinator
    story.opens_the_whole_file(written, case)
    note_form = next(f for f in written.page.forms if f.get("action", "").endswith("/notes/"))
    story.accepts_the_handoff(at.bob, handoff)

    with pytest.raises(AssertionError, match="answered 4"):  # the form was open on her screen
        written.submit(note_form, {"text": "Too late."})
    story.opens_the_whole_file(written, case)
    assert NOTE in written.text
    assert "Too late." not in written.text
    assert not [f for f in written.page.forms if f.get("action", "").endswith("/notes/")]
    for deed in ("close", "consents", "handoff", "next-step"):
        assert written.status(f"{case}{deed}/", deed=True) in (404, 422)
    story.looks_who_it_is(at.bob, case)
    story.opens_the_whole_file(at.bob, case)
    assert NOTE in at.bob.text


def reads_only_what_is_theirs(at: Colleagues) -> None:
    intelligence, care = (NARRATIVE, MOTIVATION), (NOTE, *ADDRESS)
    never_read(at.officer, MOTIVATION, *care)
    never_read(at.inspector, *intelligence, *care, *PERSONAL)
    never_read(at.front_line, *intelligence, *care, *PERSONAL)
    never_read(at.analyst, *care, *PERSONAL)
    never_read(at.registrar, *intelligence, *care)
    never_read(at.placement, *intelligence, NOTE, *PERSONAL)
    never_read(at.coordinator, *intelligence)
    never_read(at.bob, *intelligence)
    never_read(at.shelter, *intelligence, NOTE)
    for name in ("charlie", "other_shelter", "rapporteur", "policy", "privacy", "administrator"):
        never_read(getattr(at, name), *intelligence, *care, *PERSONAL)


def test_figures_are_computed_approved_by_another_and_downloaded(at):
    register_last_quarter(at.cast, story.last_quarter())
    not_there("/releases/", at.others("rapporteur", "second_rapporteur"))
    release = story.orders_the_release(at.rapporteur)
    compute(release.split("/")[-2])
    at.policy.open("/dashboard/")
    assert not at.policy.page.findall(".//table")  # nothing is sealed yet
    not_there(release, at.others("rapporteur", "second_rapporteur"))

    assert not story.finds_the_files(at.rapporteur, release)
    story.proposes(at.rapporteur, release)
    at.rapporteur.open(release)
    assert not [f for f in at.rapporteur.page.forms if f.get("action", "").endswith("/approve/")]
    at.rapporteur.status(f"{release}approve/", deed=True)  # with the token of another form
    assert not story.finds_the_files(at.rapporteur, release)
    story.approves(at.second_rapporteur, release)
    files = story.finds_the_files(at.rapporteur, release)
    for path in files:
        not_there(path, at.others("rapporteur", "second_rapporteur"))

    found = {}
    for path in files:
        content = at.rapporteur.download(path)
        found[kind_of(content)] = content
    assert {"xlsx", "pdf", "csv"} <= found.keys()
    with pikepdf.open(io.BytesIO(found["pdf"])) as pdf:
        assert pdf.Root.MarkInfo.Marked
    assert load_workbook(io.BytesIO(found["xlsx"])).sheetnames
    rows = list(csv.reader(io.StringIO(found["csv"].decode("utf-8-sig"))))
    assert len(rows) > 10

    story.looks_at_the_dashboard(at.policy)
    assert at.policy.page.findall(".//svg")
    at.policy.read("Rotterdam-Rijnmond")
    never_read(at.rapporteur, *PERSONAL)
    never_read(at.policy, *PERSONAL)
    recorded = trail(at.cast.privacy)
    assert {"release_sealed", "release_downloaded", "dashboard_opened"} <= set(recorded)


def kind_of(content: bytes) -> str:
    if content.startswith(b"%PDF"):
        return "pdf"
    if content.startswith(b"PK"):
        return (
            "xlsx" if any("sheet" in n for n in ZipFile(io.BytesIO(content)).namelist()) else "zip"
        )
    return "csv"
