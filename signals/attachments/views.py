"""Files with a signal: the part of its page, adding one, and taking one along."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.files.forms import BeginForm, FileForm
from referral.files.rules import PIECE
from referral.files.views import CAME_IN, errors_in_words, take_piece, taken_along
from referral.organisations.permissions import Permission
from signals.attachments import actions
from signals.attachments.actions import ATTACHMENTS, ListedAttachment
from signals.attachments.models import Attachment
from signals.attachments.rules import can_attach
from signals.models import Signal
from signals.views.parts import Deed, Part, Reading


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
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        name, data = form.content()
        done = do_once(
            request,
            lambda: actions.attach_file(
                signal, name=name, data=data, by=request.member, at=timezone.now()
            ).get_absolute_url(),
            said=str(CAME_IN),
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
    return errors_in_words(form)


def _begun(request: MemberRequest, signal: Signal, form: BeginForm) -> Attachment:
    answers = form.cleaned_data
    return actions.begin_upload(
        signal, name=answers["name"], size=answers["size"], by=request.member, at=timezone.now()
    )


@allowed(Permission.SIGNAL_SUBMIT)
@require_http_methods(["GET", "HEAD", "PATCH"])
def upload(request: MemberRequest, pk: UUID) -> HttpResponse:
    """How much of the file has come in, and the next piece of it."""
    own = Attachment.objects.visible_to(request.member).sent_by(request.member)
    return take_piece(request, ATTACHMENTS, get_object_or_404(own, pk=pk))


@allowed(Permission.SIGNAL_SUBMIT)
@require_safe
def download(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The file that was made anew."""
    ready = Attachment.objects.visible_to(request.member).ready()
    attachment = get_object_or_404(ready, pk=pk)
    return taken_along(actions.open_attachment(attachment, by=request.member, at=timezone.now()))


@allowed(Permission.SIGNAL_EVIDENCE)
@require_POST
def evidence(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The file as it was sent: sealed evidence, and possibly harmful."""
    ready = Attachment.objects.visible_to(request.member).ready()
    attachment = get_object_or_404(ready, pk=pk)
    return taken_along(actions.open_evidence(attachment, by=request.member, at=timezone.now()))
