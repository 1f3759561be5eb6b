"""A signal on paper: what its reader sees, with who, when and what for on each page."""

import io

import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone

from referral.access.context import acting
from referral.audit.models import AuditEvent
from referral.organisations.roles import Role
from signals.models import Signal
from signals.paper.actions import print_signal
from signals.rules import SignalRefused
from signals.workflow import Status
from tests.factories.people import make_member, sign_in
from tests.factories.signals import signal_at
from tests.reporting.exports.text import text_of_pdf

pytestmark = pytest.mark.django_db
STORY = "Six people sleep behind the kitchen."
FOR = "Alleen voor: Een bespreking over dit signaal"


def printed(client, reader, signal):
    address = reverse("signals:paper:print", args=[signal.pk])
    sign_in(client, reader)
    assert address in client.get(signal.get_absolute_url()).content.decode()
    answer = client.post(address, {"purpose": "meeting"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Cache-Control"] == "no-store"
    text = text_of_pdf(answer.content)
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert "pdfuaid:part" in str(pdf.open_metadata())
        pages = len(pdf.pages)
    # Who, when and what for stand on each page, and across it who and when.
    assert text.count(FOR) == pages
    assert text.count(reader.user.full_name) >= 2 * pages
    return text


def test_each_reader_prints_what_they_read_for_a_purpose_and_it_is_one_line_in_the_trail(client):
    alice, bob = make_member(Role.LE_POLICE), make_member(Role.EMM_ANALYST)
    signal = signal_at(Status.FORWARDED, by=alice, analyst=bob, facts=STORY)

    of_reporter, of_centre = printed(client, alice, signal), printed(client, bob, signal)

    for text in (of_reporter, of_centre):
        assert signal.reference in text
        assert STORY in text
    assert "Three facts agree." in of_centre
    assert "Three facts agree." not in of_reporter
    assert bob.user.full_name not in of_reporter
    with acting(make_member(Role.AUDITOR), purpose="test"):
        trail = AuditEvent.objects.filter(object_id=str(signal.pk), action="signal_printed")
        assert [(one.actor_id, one.purpose) for one in trail.order_by("pk")] == [
            (one.user_id, "Een bespreking over dit signaal") for one in (alice, bob)
        ]
        looks = AuditEvent.objects.filter(object_id=str(signal.pk), action="signal_opened")
        assert looks.count() == 2  # of the pages, and none of the paper


def test_without_a_purpose_or_a_right_to_read_there_is_no_paper(client):
    alice, charlie = make_member(Role.LE_POLICE), make_member(Role.LE_POLICE)
    signal = signal_at(Status.RECEIVED, by=alice, facts=STORY)
    address, at = reverse("signals:paper:print", args=[signal.pk]), timezone.now()

    for nothing in ({}, {"purpose": "curiosity"}):
        answer = sign_in(client, alice).post(address, {"idempotency_key": "one", **nothing})
        assert answer.status_code == 422
    with acting(alice, purpose="test"), pytest.raises(SignalRefused):
        print_signal(signal, purpose="curiosity", by=alice, at=at)
    sign_in(client, charlie)
    assert client.get(address).status_code == 404
    assert client.post(address, {"purpose": "meeting"}).status_code == 404
    with acting(charlie, purpose="test"), pytest.raises(Signal.DoesNotExist):
        print_signal(signal, purpose="meeting", by=charlie, at=at)
