"""Files with a signal: the part of its page, adding one, and taking one along."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from signals.attachments import actions
from signals.attachments.actions import ListedAttachment, OpenedFile
from signals.attachments.forms import AttachForm, BeginForm
from signals.attachments.models import Attachment
from signals.attachments.rules import PIECE, FileRefused, UploadOutOfStep, can_attach
from signals.attachments.workflow import Status
from signals.models import Signal
from signals.views.parts import Deed, Part, Reading

#: What a browser may do with a file: nothing (CSP level 3, sandbox).
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


def attachments_part(reading: Reading) -> Part | None:
    """The files on the page of a signal, and the way to add one."""
    signal, member = reading.signal, reading.member
    listed = actions.list_attachments(signal, by=member, at=reading.at)
    may_add = can_attach(member, signal)
    if not listed and not may_add:
        return None
    deeds = (Deed(_("Add a file"), reverse("signals:attachments:attach", args=[signal.pk])),)
    data = _part_data(signal, listed, evidence=member.may(Permission.SIGNAL_EVIDENCE))
    template = "attachments/_attachments.html"
    return Part("attachments", _("Files"), template, data, deeds if may_add else ())


@allowed(Permission.SIGNAL_SUBMIT)
@require_safe
def progress(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The part alone, for who waits for a file to come out of quarantine."""
    signal = get_object_or_404(Signal.objects.visible_to(request.member), pk=pk)
    listed = actions.list_attachments(signal, by=request.member, at=timezone.now())
    evidence = request.member.may(Permission.SIGNAL_EVIDENCE)
    data = _part_data(signal, listed, evidence=evidence)
    return render(request, "attachments/_attachments.html", {"data": data})


def _part_data(
    signal: Signal, listed: list[ListedAttachment], *, evidence: bool
) -> dict[str, object]:
    return {
        "signal": signal,
        "listed": listed,
        "waiting": any(one.attachment.under_way for one in listed),
        "evidence": evidence,
        "scanner": bool(settings.CLAMD_ADDRESS),
    }


@allowed(Permission.SIGNAL_SUBMIT)
@require_http_methods(["GET", "HEAD", "POST"])
def attach(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Add a file. Without JavaScript it comes whole; with it, in pieces (see `begin`)."""
    signal = get_object_or_404(Signal.objects.visible_to(request.member), pk=pk)
    if not can_attach(request.member, signal):
        raise Http404
    form = AttachForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file: UploadedFile[bytes] = form.cleaned_data["file"]
        file.seek(0)
        done = do_once(
            request,
            lambda: actions.attach_file(
                signal,
                name=file.name or "",
                data=file.read(),
                by=request.member,
                at=timezone.now(),
            ).get_absolute_url(),
            said=_("The file has come in. It is in quarantine until it has been made anew."),
            form=form,
        )
        if done is not None:
            return done
    context = {"form": form, "signal": signal, "piece": PIECE, "scanner": settings.CLAMD_ADDRESS}
    return render(request, "attachments/attach.html", context, status=422 if form.is_bound else 200)


@allowed(Permission.SIGNAL_SUBMIT)
@require_POST
def begin(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Begin an upload in pieces; the answer leads to where they go (after tus 1.0, creation)."""
    signal = get_object_or_404(Signal.objects.visible_to(request.member), pk=pk)
    form = BeginForm(request.POST)
    if form.is_valid():
        done = do_once(
            request,
            lambda: reverse("signals:attachments:upload", args=[_begun(request, signal, form).pk]),
            form=form,
        )
        if done is not None:
            return done
    words = [str(error) for errors in form.errors.values() for error in errors]
    return HttpResponse(" ".join(words), status=422, content_type="text/plain; charset=utf-8")


def _begun(request: MemberRequest, signal: Signal, form: BeginForm) -> Attachment:
    answers = form.cleaned_data
    return actions.begin_upload(
        signal, name=answers["name"], size=answers["size"], by=request.member, at=timezone.now()
    )


@allowed(Permission.SIGNAL_SUBMIT)
@require_http_methods(["GET", "HEAD", "PATCH"])
def upload(request: MemberRequest, pk: UUID) -> HttpResponse:
    """How much of the file has come in; a PATCH adds the piece at `Upload-Offset` (after tus 1.0)."""
    own = Attachment.objects.visible_to(request.member).sent_by(request.member)
    attachment = get_object_or_404(own, pk=pk)
    if request.method != "PATCH":
        return _how_far(attachment, status=410 if attachment.status == Status.REFUSED else 200)
    said = request.headers.get("Upload-Offset", "")
    try:
        attachment = actions.append_piece(
            attachment,
            request.body,
            offset=int(said) if said.isdecimal() else -1,
            by=request.member,
            at=timezone.now(),
        )
    except UploadOutOfStep:
        return _how_far(attachment, status=410 if attachment.status == Status.REFUSED else 409)
    except FileRefused as refused:
        reason = refused.reason
        actions.refuse_upload(attachment, reason=reason, by=request.member, at=timezone.now())
        messages.error(request, str(refused))
        return HttpResponse(str(refused), status=422, content_type="text/plain; charset=utf-8")
    if not attachment.received < attachment.size:
        messages.success(
            request, _("The file has come in. It is in quarantine until it has been made anew.")
        )
    return _how_far(attachment, status=204)


def _how_far(attachment: Attachment, *, status: int) -> HttpResponse:
    headers = {"Upload-Offset": attachment.received, "Upload-Length": attachment.size}
    return HttpResponse(status=status, headers={name: str(n) for name, n in headers.items()})


@allowed(Permission.SIGNAL_SUBMIT)
@require_safe
def download(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The file that was made anew."""
    ready = Attachment.objects.visible_to(request.member).ready()
    attachment = get_object_or_404(ready, pk=pk)
    return _taken_along(actions.open_attachment(attachment, by=request.member, at=timezone.now()))


@allowed(Permission.SIGNAL_EVIDENCE)
@require_POST
def evidence(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The file as it was sent: sealed evidence, and possibly harmful."""
    ready = Attachment.objects.visible_to(request.member).ready()
    attachment = get_object_or_404(ready, pk=pk)
    return _taken_along(actions.open_evidence(attachment, by=request.member, at=timezone.now()))


def _taken_along(file: OpenedFile) -> HttpResponse:
    """Saved, never shown: a browser must not run what somebody else made."""
    answer = HttpResponse(file.data, content_type=file.media_type)
    answer["Content-Disposition"] = content_disposition_header(True, file.name)  # noqa: FBT003 -- Django's
    answer["Content-Security-Policy"] = SANDBOX
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
