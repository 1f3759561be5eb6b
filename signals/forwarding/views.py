"""The pages of extracts: sending one by way of a preview, following it, receiving it."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.lib.refusals import Refused
from referral.organisations.permissions import Permission
from signals.actions import open_signal
from signals.enrichment.actions import open_enrichments
from signals.forwarding import actions
from signals.forwarding.forms import CHANGE, SEND, ExtractFeedbackForm, ExtractForm
from signals.forwarding.models import Extract
from signals.forwarding.rules import can_forward, can_move_extract, can_read
from signals.forwarding.workflow import ExtractStatus
from signals.models import Signal
from signals.views.pages import NextStep, lacks_feedback, signal_page
from signals.views.parts import Deed, Part, Reading

LINES_ON_A_PAGE = 50
GET_AND_POST = ["GET", "HEAD", "POST"]


def part(reading: Reading) -> Part | None:
    """To whom something of the signal was forwarded; the expert centre alone has this part."""
    member, signal = reading.member, reading.signal
    if not member.may(Permission.SIGNAL_JUDGE):
        return None
    extracts = list(
        Extract.objects.visible_to(member).with_names().filter(signal=signal).newest_first()
    )
    can = can_forward(member, signal)
    if not extracts and not lacks_feedback(reading.opened) and not can:
        return None
    url = reverse("signals:forwarding:send", args=[signal.pk])
    standing = [one for one in extracts if one.status != ExtractStatus.RECALLED]
    step = None
    if lacks_feedback(reading.opened) and not standing:
        step = NextStep(
            _("Send the extract"),
            str(signal.taken_up_by),
            mine=can,
            url=url,
            action=_("Send an extract"),
        )
    return Part(
        slug="forwarding",
        title=_("Forwarded to"),
        template="forwarding/_part.html",
        data={"extracts": extracts},
        deeds=(Deed(_("Send an extract"), url),) if can else (),
        next=step,
    )


@allowed(Permission.SIGNAL_TRIAGE)
@require_http_methods(GET_AND_POST)
def send(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Choose, look at exactly what the receiver will read, send."""
    at = timezone.now()
    signal = get_object_or_404(Signal.objects.visible_to(request.member), pk=pk)
    if not can_forward(request.member, signal):
        messages.error(request, _("This signal is not yours to forward now."))
        return redirect(signal)
    found = open_enrichments(signal, by=request.member, at=at)
    offered = {
        str(one.enrichment.pk): f"{one.last.version.get_kind_display()}: {one.last.text[:120]}"
        for one in found
        if one.last.text
    }
    form = ExtractForm(request.POST or None, offered=offered)
    if request.method == "POST" and form.is_valid():
        step = form.cleaned_data["step"]
        if step == CHANGE:
            form = ExtractForm(initial=_initial(form), offered=offered)
        else:
            answer = _look_or_send(request, signal, form, send=step == SEND)
            if answer is not None:
                return answer
    opened = open_signal(signal, by=request.member, at=at)
    context = {**signal_page(opened, request.member), "form": form}
    return render(request, "forwarding/send.html", context, status=422 if form.errors else 200)


def _initial(form: ExtractForm) -> dict[str, object]:
    names = ("receiver", "basis")
    chosen = {name: str(form.cleaned_data[name].pk) for name in names}
    others = ("purpose", "sections", "findings")
    return chosen | {name: form.cleaned_data.get(name) for name in others}


def _look_or_send(
    request: MemberRequest, signal: Signal, form: ExtractForm, *, send: bool
) -> HttpResponse | None:
    """None when it was refused, with the reasons in the form."""
    packing = form.packing()
    if send:
        seen = form.cleaned_data["seen"]
        return do_once(
            request,
            lambda: actions.send_extract(
                signal, packing, seen=seen, by=request.member, at=timezone.now()
            ),
            said=_("You have sent the extract. You can recall it until it is opened."),
            back=f"{signal.get_absolute_url()}#forwarding",
            form=form,
        )
    try:
        document = actions.preview_extract(signal, packing, by=request.member, at=timezone.now())
    except Refused as refusal:
        refusal.show_in(form)
        return None
    context = {
        "signal": signal,
        "document": document,
        "answers": form.answers(),
        "seen": actions.fingerprint(document),
    }
    return render(request, "forwarding/preview.html", context)


@allowed(Permission.SIGNAL_TRIAGE)
@require_safe
def sent(request: MemberRequest) -> HttpResponse:
    """What is under way, the most overdue first."""
    at = timezone.now()
    found = Extract.objects.visible_to(request.member).open().select_related("signal")
    page = Paginator(found.with_names().soonest_first(), LINES_ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    extracts = actions.list_extracts(page.object_list, by=request.member, at=at)
    return render(request, "forwarding/sent.html", {"page": page, "extracts": extracts})


@allowed(Permission.SIGNAL_RECEIVE)
@require_safe
def received(request: MemberRequest) -> HttpResponse:
    """What the expert centre forwarded to the member's organisation, the newest first."""
    found = Extract.objects.visible_to(request.member).with_names().newest_first()
    page = Paginator(found, LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    extracts = actions.list_extracts(page.object_list, by=request.member, at=timezone.now())
    return render(request, "forwarding/received.html", {"page": page, "extracts": extracts})


@allowed(Permission.SIGNAL_RECEIVE, Permission.SIGNAL_TRIAGE)
@require_safe
def show(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One extract: the cover until it is opened, and then what was sent."""
    return render(request, "forwarding/extract.html", _extract_page(request, _extract(request, pk)))


@allowed(Permission.SIGNAL_RECEIVE, Permission.SIGNAL_TRIAGE)
@require_safe
def pdf(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The same on paper."""
    extract = _extract(request, pk)
    if not can_read(request.member, extract):
        messages.error(request, _("Open the extract first: your receipt is recorded."))
        return redirect(extract)
    content = actions.extract_pdf(extract, by=request.member, at=timezone.now())
    name = f"uittreksel-{extract.sent_at:%Y-%m-%d}-{str(extract.pk)[-6:]}.pdf"
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


@allowed(Permission.SIGNAL_RECEIVE)
@require_POST
def open_it(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The receiver opens it; the receipt is recorded."""
    extract = _extract(request, pk)
    return do_once(
        request,
        lambda: actions.open_extract(extract, by=request.member, at=timezone.now()),
        said=_("Your receipt has been recorded."),
        back=extract.get_absolute_url(),
    )


@allowed(Permission.SIGNAL_TRIAGE)
@require_POST
def recall(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take it back while nobody has opened it."""
    extract = _extract(request, pk)
    return do_once(
        request,
        lambda: actions.recall_extract(extract, by=request.member, at=timezone.now()),
        said=_("You have recalled the extract. Nobody has opened it."),
        back=extract.get_absolute_url(),
    )


@allowed(Permission.SIGNAL_RECEIVE)
@require_http_methods(GET_AND_POST)
def feedback(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The receiver says what it did."""
    extract = _extract(request, pk)
    form = ExtractFeedbackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = do_once(
            request,
            lambda: actions.give_feedback(
                extract, **form.cleaned_data, by=request.member, at=timezone.now()
            ),
            said=_("Your feedback has been sent. Thank you."),
            back=extract.get_absolute_url(),
            form=form,
        )
        if done is not None:
            return done
    context = _extract_page(request, extract)
    if not context["can_answer"] and not form.is_bound:
        messages.error(request, _("This extract does not wait for feedback of yours now."))
        return redirect(extract)
    context["form"] = form
    status = 422 if form.is_bound else 200
    return render(request, "forwarding/feedback.html", context, status=status)


def _extract_page(request: MemberRequest, extract: Extract) -> dict[str, object]:
    member = request.member
    opened = actions.read_extract(extract, by=member, at=timezone.now())
    inside = member.may(Permission.SIGNAL_TRIAGE)

    def can(to: ExtractStatus) -> bool:
        return can_move_extract(member, opened.extract, to)

    return {
        "extract": opened.extract,
        "document": opened.document,
        "inside": inside,
        "signal": opened.extract.signal if inside else None,
        "can_open": can(ExtractStatus.OPENED),
        "can_recall": can(ExtractStatus.RECALLED),
        "can_answer": can(ExtractStatus.ANSWERED),
    }


def _extract(request: MemberRequest, pk: UUID) -> Extract:
    found = Extract.objects.visible_to(request.member).with_names()
    extract: Extract = get_object_or_404(found, pk=pk)
    return extract
