"""What a participant may see: chosen once, sealed, theirs alone, and gone when the meeting is over."""

from io import BytesIO

import pytest
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from pikepdf import Pdf
from weasyprint import CSS, HTML

from referral.access.context import acting
from referral.audit.models import AuditEvent
from referral.organisations.roles import Role
from signals.deliberation import actions
from signals.deliberation.actions.pdf import STYLE, minutes_page, page_of
from signals.deliberation.models import Pack, PackContent
from signals.deliberation.workflow import MeetingStatus
from tests.deliberation.scenes import QUESTION, WHY, Scene, act
from tests.factories.people import make_member, sign_in
from tests.factories.signals import FACTS

CODES = "Amsterdam"


@pytest.fixture
def meeting(scene: Scene):
    return scene.meeting_at(MeetingStatus.AGENDA_SET)


def read(client, scene, member, meeting):
    return sign_in(client, member).get(scene.pack_of(member, meeting).get_absolute_url())


def test_each_reads_what_was_chosen_and_of_the_own_organisation_all(client, scene, meeting):
    alice = read(client, scene, scene.alice, meeting).content.decode()  # her own signal
    bob = read(client, scene, scene.bob, meeting).content.decode()
    chair = read(client, scene, scene.chair, meeting).content.decode()

    assert all(words in page for words in (QUESTION, CODES, FACTS) for page in (alice, chair))
    assert CODES in bob
    assert QUESTION not in bob
    assert FACTS not in bob
    assert "Only for Bob" in bob


def test_papers_are_for_their_reader_alone_and_until_the_minutes_are_locked(client, scene, meeting):
    pack = scene.pack_of(scene.bob, meeting)
    for other in (scene.alice, scene.chair, scene.charlie):
        assert sign_in(client, other).get(pack.get_absolute_url()).status_code == 404
        with acting(other, purpose="test"):
            assert not PackContent.objects.filter(pk=pack.pk).exists()
    with acting(scene.coordinator, purpose="test"):  # who ordered them does not read them
        assert not PackContent.objects.exists()
    pdf = sign_in(client, scene.bob).get(f"{pack.get_absolute_url()}pdf/")
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")

    act(scene.chair, actions.begin_meeting, meeting)
    assert sign_in(client, scene.bob).get(pack.get_absolute_url()).status_code == 200
    scene.attend(meeting)
    act(scene.chair, actions.lock_minutes, meeting)
    for path in ("", "pdf/"):
        assert client.get(f"{pack.get_absolute_url()}{path}").status_code == 404
    with acting(scene.bob, purpose="test"), pytest.raises(PackContent.DoesNotExist):
        actions.open_pack(pack, by=scene.bob, at=timezone.now())


def test_papers_of_an_agenda_that_is_taken_back_are_gone(scene, meeting):
    old = scene.pack_of(scene.bob, meeting)
    act(scene.coordinator, actions.take_back_agenda, meeting)
    with acting(scene.bob, purpose="test"):
        assert not PackContent.objects.filter(Q(pk=old.pk)).exists()
        assert not Pack.objects.visible_to(scene.bob).exists()


def test_each_page_of_the_pdf_names_its_reader_and_how_secret_it_is(scene, meeting):
    with acting(scene.bob, purpose="test"):
        pack = scene.pack_of(scene.bob, meeting)
        opened = act(scene.bob, actions.open_pack, pack)
        html = page_of(opened.pack.participant, opened.points * 12, at=timezone.now())
    style = CSS(string=render_to_string(STYLE))
    pages = HTML(string=html).render(stylesheets=[style]).pages
    assert len(pages) > 1
    point = opened.points[0]
    for page in pages:
        words = " ".join(box.text for box in page._page_box.descendants() if hasattr(box, "text"))
        assert "Bob" in words
        assert words.count("Confidential") == 1
        # A signal that fits on a page is not broken over two.
        assert words.count(point["reference"]) == words.count(point["sections"][-1]["title"])


def test_locked_minutes_are_a_pdf_for_the_chair_and_the_expert_centre(client, scene):
    locked = scene.meeting_at(MeetingStatus.LOCKED, items=2)
    act(scene.coordinator, actions.add_addendum, locked, text="It was two o'clock.")
    held = scene.meeting_at(MeetingStatus.HELD)
    here, not_yet = (f"/signals/deliberations/{one.pk}/minutes/pdf/" for one in (locked, held))

    sign_in(client, scene.chair)
    assert "Download the minutes" in client.get(locked.get_absolute_url()).text
    sent = client.get(here)
    assert (sent.headers["Content-Type"], sent.content[:5]) == ("application/pdf", b"%PDF-")
    paper = Pdf.open(BytesIO(sent.content))
    assert (paper.Root.Lang, paper.Root.MarkInfo.Marked) == ("en", True)
    assert "when the chair has locked" in client.get(not_yet, follow=True).text
    with acting(scene.analyst, purpose="test"):
        opened = actions.open_meeting(locked, by=scene.analyst, at=timezone.now())
        page = minutes_page(opened, reader=scene.analyst, at=timezone.now())
    for words in ("We spoke of the canary.", "Not reached", "two o&#x27;clock", "Anna", WHY):
        assert words in page
    for outsider in (scene.bob, make_member(Role.OM_CHAIR, name="Another chair")):
        assert sign_in(client, outsider).get(here).status_code == 404
    with acting(make_member(Role.FG), purpose="test"):
        assert AuditEvent.objects.filter(action="meeting_minutes_printed").count() == 1
