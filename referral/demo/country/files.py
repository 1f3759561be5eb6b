"""Files with signals of today, and signals that were begun and not sent; all made up here."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

from PIL import Image, ImageDraw

from referral.demo.country.organisations import Country, working
from referral.lib.ids import uuid7
from referral.organisations.models import Membership
from signals.attachments.actions import attach_file
from signals.attachments.tasks import rebuild_waiting
from signals.drafts.actions import colleagues, hand_over_draft, save_draft
from signals.drafts.rules import form_version
from signals.forms import SignalForm
from signals.models import Signal

SIZE = (640, 400)
WORDS = "Verzonnen: een bestelbus haalt elke ochtend om vijf uur mensen op, altijd dezelfde."


def add_files(country: Country, *, now: datetime) -> None:
    """A photograph, a scan, and a photograph that is damaged, as people send them."""
    officer = country.officers[0]
    with working(officer):
        own = Signal.objects.visible_to(officer).reported_by(officer)
        signals = list(own.newest_first()[:2])
        files = {
            "bestelbus.jpg": drawing("JPEG"),
            "rooster.pdf": drawing("PDF"),
            "kenteken.jpg": drawing("JPEG")[:2000],
        }
        for number, (name, data) in enumerate(files.items()):
            signal = signals[number % len(signals)]
            at = now - timedelta(minutes=number)
            attach_file(signal, name=name, data=data, by=officer, at=at)
    rebuild_waiting()


def drawing(form: str) -> bytes:
    """A van by night, with the time of the camera where the format keeps one."""
    image, written, exif = Image.new("RGB", SIZE, "#1d2733"), BytesIO(), Image.Exif()
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 300, 640, 400), fill="#2f3b33")
    pen.rectangle((160, 150, 470, 310), fill="#8894a0")
    pen.polygon([(470, 190), (540, 240), (540, 310), (470, 310)], fill="#77828e")
    for left in (210, 430):
        pen.ellipse((left, 280, left + 60, 340), fill="#11161c")
    exif[0x0132] = "2026:11:21 05:02:11"
    more = {"exif": exif} if form == "JPEG" else {}
    image.save(written, form, **more)
    return written.getvalue()


def begin_drafts(country: Country, *, now: datetime) -> None:
    """An officer and a front-line worker have begun a signal; a colleague handed one on."""
    officer = country.officers[0]
    for member in (officer, country.front_line[0]):
        keep(member, at=now - timedelta(hours=3))
    with working(officer):
        others = colleagues(officer, at=now)
    if others:
        giver = others[0]
        with working(giver):
            draft = save_draft(uuid7(), typed(), seen=0, form_version="", by=giver, at=now)
            hand_over_draft(draft, to=officer, by=giver, at=now)


def keep(member: Membership, *, at: datetime) -> None:
    with working(member):
        version = form_version(SignalForm(member=member).fields)
        save_draft(uuid7(), typed(), seen=0, form_version=version, by=member, at=at)


def typed() -> dict[str, list[str]]:
    return {"danger": ["no"], "forms": ["labour"], "facts": [WORDS], "place_kind": ["farm"]}
