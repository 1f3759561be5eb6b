"""Attachments as they come about: sent by somebody, and made anew by the worker."""

from io import BytesIO

from django.utils import timezone
from PIL import Image

from referral.access.context import acting
from referral.organisations.models import Membership
from signals.attachments.actions import attach_file, begin_upload
from signals.attachments.models import Attachment
from signals.attachments.tasks import rebuild_waiting
from signals.models import Signal


def picture() -> bytes:
    written = BytesIO()
    Image.new("RGB", (30, 20), (30, 60, 90)).save(written, "PNG")
    return written.getvalue()


def make_attachment(
    signal: Signal,
    *,
    by: Membership,
    name: str = "van.png",
    data: bytes = b"",
    settled: bool = True,
) -> Attachment:
    """A file with this signal; ready, or refused when it is no good."""
    with acting(by, purpose="test"):
        made = attach_file(signal, name=name, data=data or picture(), by=by, at=timezone.now())
    if settled:
        rebuild_waiting()
    with acting(by, purpose="test"):
        return Attachment.objects.visible_to(by).get(pk=made.pk)


def begun_upload(signal: Signal, *, by: Membership, size: int = 3_000_000) -> Attachment:
    with acting(by, purpose="test"):
        return begin_upload(signal, name="scan.pdf", size=size, by=by, at=timezone.now())
