"""Answers that are the same for every room: a piece came in, and a file goes out."""

from typing import TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from referral.access.requests import MemberRequest
from referral.files.actions import Keeping, OpenedFile
from referral.files.models import KeptFile
from referral.files.rules import FileRefused, UploadOutOfStep
from referral.files.workflow import Status

F = TypeVar("F", bound=KeptFile)
#: What a browser may do with a file: nothing (CSP level 3, sandbox).
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"
CAME_IN = _("The file has come in. It is in quarantine until it has been made anew.")


def take_piece(request: MemberRequest, keeping: Keeping[F], file: F) -> HttpResponse:
    """How much of the file has come in; a PATCH adds the piece at `Upload-Offset` (after tus 1.0)."""
    if request.method != "PATCH":
        return _how_far(file, status=410 if _gone(file) else 200)
    said = request.headers.get("Upload-Offset", "")
    offset = int(said) if said.isdecimal() else -1
    by, at = request.member, timezone.now()
    try:
        file = keeping.append_piece(file, request.body, offset=offset, by=by, at=at)
    except ObjectDoesNotExist as nothing:  # what it belongs to is no longer the sender's
        raise Http404 from nothing
    except UploadOutOfStep:
        return _how_far(file, status=410 if _gone(file) else 409)
    except FileRefused as refused:
        keeping.refuse_upload(file, reason=refused.reason, by=by, at=at)
        messages.error(request, str(refused))
        return in_words(str(refused))
    if not file.received < file.size:
        messages.success(request, CAME_IN)
    return _how_far(file, status=204)


def _gone(file: KeptFile) -> bool:
    """Nothing can be added to it, and nothing is read of it: what is sent again begins anew."""
    return not file.under_way and file.status != Status.READY


def _how_far(file: KeptFile, *, status: int) -> HttpResponse:
    headers = {"Upload-Offset": file.received, "Upload-Length": file.size}
    return HttpResponse(status=status, headers={name: str(n) for name, n in headers.items()})


def errors_in_words(form: forms.Form) -> HttpResponse:
    """What is wrong with a form, for a script that shows it beside the file."""
    return in_words(" ".join(str(error) for errors in form.errors.values() for error in errors))


def in_words(words: str) -> HttpResponse:
    return HttpResponse(words, status=422, content_type="text/plain; charset=utf-8")


def taken_along(file: OpenedFile) -> HttpResponse:
    """Saved, never shown: a browser must not run what somebody else made."""
    answer = HttpResponse(file.data, content_type=file.media_type)
    answer["Content-Disposition"] = content_disposition_header(True, file.name)  # noqa: FBT003 -- Django's
    answer["Content-Security-Policy"] = SANDBOX
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
