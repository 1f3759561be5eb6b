"""What is about a person, or tells where a shelter stands, is sealed: it is found nowhere else.

The main job runs over the wire on the real processes; then everything that it left is searched.
"""

import io
import logging
import threading
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote
from zipfile import ZipFile

import pikepdf
import psycopg
import pytest
import redis
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.roles import Role
from signals.attachments.actions import attach_file
from signals.attachments.tasks import rebuild_waiting
from signals.models import Signal
from signals.search.actions import index_changes
from signals.webhooks.actions import add_endpoint
from signals.webhooks.models import Event
from tests.attachments.files import photograph
from tests.factories.clients import make_partner
from tests.factories.people import make_member
from tests.journeys import centre, story
from tests.journeys.cast import Colleagues, make_cast, register_last_quarter
from tests.journeys.doomed import eventually
from tests.journeys.story import ADDRESS, MOTIVATION, NARRATIVE, NOTE, PERSONAL
from tests.journeys.visitors import WireVisitor
from tests.processes import Served, database_url
from tests.signals.api.papers import SIGNAL
from tests.webhooks.receiver import Receiver
from tests.webhooks.rounds import push_round

#: One word of each text is enough: nothing of it may be found.
TEXTS = (NARRATIVE, MOTIVATION, NOTE, *centre.CANARIES)
CANARIES = (*PERSONAL, *ADDRESS, *(text.split()[0].rstrip(":") for text in TEXTS))
#: Seconds of patience with a worker on a busy machine.
PATIENCE = 90


def found_in(words: str, canaries: Sequence[str] = CANARIES) -> list[str]:
    """The canaries in a text: as they are, in an address, in hexadecimal digits, in base64."""
    found = []
    for canary in canaries:
        raw = canary.encode()
        written = (canary, quote(canary), raw.hex(), *in_base64(raw))
        found += [form for form in written if form in words]
    return found


def in_base64(raw: bytes) -> list[str]:
    """What these bytes look like inside a longer text, wherever they begin.

    Every letter that they alone decide, and no fewer: four letters are found by chance in any seal.
    """
    return [
        b64encode(b"\0" * shift + raw).decode()[-(-shift * 8 // 6) : (shift + len(raw)) * 8 // 6]
        for shift in range(3)
    ]


def whole_database() -> Iterator[tuple[str, str]]:
    """Every row of every table, as the role that looks past the policies."""
    with psycopg.connect(database_url()) as owner:
        owner.execute("SET ROLE baken_guard")
        tables = owner.execute(
            "SELECT oid::regclass::text, has_table_privilege(oid, 'SELECT') FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            " AND NOT relispartition"
        ).fetchall()
        for table, readable in tables:
            owner.execute("SET ROLE baken_guard" if readable else "RESET ROLE")
            for (row,) in owner.execute(f"SELECT t::text FROM {table} t").fetchall():  # noqa: S608
                yield table, row
        owner.execute("RESET ROLE")
    for session in Session.objects.all():
        yield "sessions, unpacked", str(session.get_decoded())


@contextmanager
def overheard(lines: list[str]) -> Iterator[None]:
    """Everything that passes through the broker and the cache meanwhile."""
    address = settings.CACHES["default"]["LOCATION"]  # the same database as the broker's
    with redis.Redis.from_url(address) as broker, broker.monitor() as monitor:
        number = broker.connection_pool.connection_kwargs.get("db", 0)

        def listen() -> None:
            for heard in monitor.listen():
                if heard["db"] != number:
                    continue
                lines.append(heard["command"])
                if "end of listening" in heard["command"]:
                    return

        listener = threading.Thread(target=listen)
        listener.start()
        yield
        broker.echo("end of listening")
        listener.join(PATIENCE)


def text_of_pdf(content: bytes) -> str:
    """The words of a PDF: glyphs by way of each font's own table, and what stands in clear."""
    words = []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for page in pdf.pages:
            tables = {name: glyphs(font) for name, font in page.Resources.get("/Font", {}).items()}
            table: dict[bytes, str] = {}
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "Tf":
                    table = tables[str(operands[0])]
                elif str(operator) in {"Tj", "TJ"}:
                    parts = operands[0] if str(operator) == "TJ" else [operands[0]]
                    raw = b"".join(bytes(p) for p in parts if isinstance(p, pikepdf.String))
                    pairs = (raw[at : at + 2] for at in range(0, len(raw), 2))
                    words.append("".join(table.get(pair, "?") for pair in pairs))
        words.append(str(pdf.docinfo))
    return "".join(words)


def glyphs(font: pikepdf.Object) -> dict[bytes, str]:
    """Which letters each glyph stands for (the ToUnicode table of a font)."""
    table = {}
    for operands, operator in pikepdf.parse_content_stream(font.ToUnicode):
        if str(operator) == "endbfchar":
            for glyph, letters in zip(operands[::2], operands[1::2], strict=True):
                table[bytes(glyph)] = bytes(letters).decode("utf-16-be")
    return table


def text_of(content: bytes) -> str:
    """What stands in a file that left the house."""
    if content.startswith(b"%PDF"):
        return text_of_pdf(content)
    if content.startswith(b"PK"):
        with ZipFile(io.BytesIO(content)) as parts:
            return "\n".join(parts.read(name).decode() for name in parts.namelist())
    return content.decode("utf-8-sig")


def nothing_waits() -> bool:
    with psycopg.connect(database_url()) as owner:
        owner.execute("SET ROLE baken_guard")
        [[waiting]] = owner.execute(
            "SELECT count(*) FROM notices_notice WHERE state = 'pending'"
        ).fetchall()
    return bool(waiting == 0)


def mails_of(served: Served) -> list[Path]:
    """The mails that were sent, beside the two logs of the web server and of the worker."""
    return [path for path in served.mail.iterdir() if path.suffix != ".worker"]


def test_the_main_job_leaves_no_canary_anywhere(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    cast, heard = make_cast(), list[str]()
    register_last_quarter(cast, story.last_quarter())
    at = Colleagues(cast, lambda member: WireVisitor(member, served.url))
    with overheard(heard):
        places = story.from_signal_to_closed_case(at)
        release = story.orders_the_release(at.rapporteur)
        story.waits_for_the_figures(at.rapporteur, release, seconds=PATIENCE)
        story.proposes(at.rapporteur, release)
        story.approves(at.second_rapporteur, release)
        files = [at.rapporteur.download(f) for f in story.finds_the_files(at.rapporteur, release)]
        story.looks_at_the_dashboard(at.policy)
        for visitor in at.seated.values():
            visitor.open("/notices/")
            visitor.status(f"/none/{visitor.member.pk}/")
        assert eventually(nothing_waits, seconds=PATIENCE)
        assert eventually(lambda: len(mails_of(served)) > 2, seconds=PATIENCE)

    # The search sees what is there: references in clear, the words of a file, the messages.
    rows = list(whole_database())
    tables = {table for table, _row in rows}
    assert {"signals_signalnarrative", "persons_identity", "cases_carenote"} <= tables
    assert {"audit_auditevent", "access_keptanswer", "notices_delivery"} <= tables
    assert any(places.number in row for _table, row in rows)
    assert any("Rotterdam" in text_of(file) for file in files)
    assert "Rotterdam" in "".join(text_of(f) for f in files if f.startswith(b"%PDF"))
    assert any("reporting.tasks.compute" in line for line in heard)
    mails = mails_of(served)

    assert not [(table, found) for table, row in rows if (found := found_in(row))]
    assert not [found for file in files if (found := found_in(text_of(file)))]
    assert not [found for line in heard if (found := found_in(line))]
    for path in mails:  # the mails, and the logs of the web server and of the worker
        assert not found_in(path.read_text(errors="replace")), path.name
    assert not found_in(caplog.text)
    for visitor in at.seated.values():
        assert not [path for path in visitor.asked if found_in(path)]
        assert not [value for value in visitor.cookies.values() if found_in(value)]


def sends_a_file(officer: WireVisitor) -> None:
    """A photograph in which the camera wrote a name; the original is kept sealed."""
    path, member = story.submits_a_signal(officer), officer.member
    data = photograph(place=True).replace(b"Canary camera", b"Goudvinkfoto!")
    assert b"Goudvinkfoto" in data
    with acting(member, purpose="test"), transaction.atomic():
        signal = Signal.objects.get(pk=path.split("/")[-2])
        attach_file(signal, name=centre.FILE, data=data, by=member, at=timezone.now())
    rebuild_waiting()


def hears_of_its_signal(receiver: Receiver, analyst: WireVisitor) -> None:
    """A partner's system sends a signal, and is told that something happened to it."""
    partner = make_partner(Role.LE_KMAR)
    admin = make_member(Role.PLATFORM_ADMIN)
    with acting(admin, purpose="test"):
        listening = {"address": receiver.url, "events": Event.values}
        add_endpoint(partner.client, **listening, by=admin, at=timezone.now())
    sent = partner.send({**SIGNAL, "feiten": NARRATIVE})
    assert sent.status_code == 201, sent.content
    centre.takes_up(analyst, f"/signals/{sent.json()['id']}/")
    assert push_round()


def test_the_expert_centres_job_leaves_no_canary_anywhere(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    """In drafts, files, tips, requests, papers, extracts, messages to systems and the index."""
    caplog.set_level(logging.DEBUG)
    at = Colleagues(centre.make_centre(), lambda member: WireVisitor(member, served.url))
    citizen, heard = WireVisitor(None, served.url), list[str]()
    with Receiver() as receiver, overheard(heard):
        way = centre.from_tip_to_feedback(at, citizen, seconds=PATIENCE)
        code = "".join(way.code.split())
        sends_a_file(at.officer)
        hears_of_its_signal(receiver, at.analyst)
        with acting(service(Role.SERVICE_RELAY), purpose="test") as relay:
            assert index_changes(by=relay, at=timezone.now())
        centre.searches(at.analyst, NARRATIVE.split()[0])
        papers = at.inspector.download(f"{way.extract}pdf/")
        for visitor in at.seated.values():
            visitor.open("/notices/")
        assert eventually(nothing_waits, seconds=PATIENCE)

    # The search sees what is there: references in clear, the words on paper, the messages.
    canaries = (*CANARIES, code, way.code)
    rows = list(whole_database())
    tables = {table for table, _row in rows}
    assert {"drafts_draftcontent", "attachments_attachment", "tips_tip"} <= tables
    assert {"enrichment_partnerrequest", "deliberation_pack", "forwarding_extract"} <= tables
    assert {"search_searchentry", "search_savedfilter", "webhooks_push"} <= tables
    assert {"signals_signalnarrative", "attachments_attachmentpiece"} <= tables
    assert "Vlinderkwast" in text_of(papers)
    messages = [f"{message.path} {message.headers} {message.body!r}" for message in receiver.taken]
    assert messages

    assert not [(table, found) for table, row in rows if (found := found_in(row, canaries))]
    assert not [found for line in heard if (found := found_in(line, canaries))]
    assert not [found for message in messages if (found := found_in(message, canaries))]
    for (
        path
    ) in served.mail.iterdir():  # the mails, and the logs of the web server and of the worker
        assert not found_in(path.read_text(errors="replace"), canaries), path.name
    assert not found_in(caplog.text, canaries)
    for visitor in (citizen, *at.seated.values()):
        assert not [path for path in visitor.asked if found_in(path, canaries)]
        assert not [value for value in visitor.cookies.values() if found_in(value, canaries)]


def test_the_search_finds_a_canary_in_any_dress() -> None:
    name = "Kanariewiek"
    for dress in (name, name.encode().hex(), b64encode(f"a {name} b".encode()).decode()):
        assert found_in(f"... {dress} ...")
    for before in ("", ".", ".."):  # wherever it begins, and whatever follows
        assert found_in(b64encode(f"{before}{name}!".encode()).decode())
    assert not found_in("Kanarie")


def test_no_dress_is_so_short_that_chance_wears_it() -> None:
    assert min(len(form) for canary in CANARIES for form in in_base64(canary.encode())) > 6
