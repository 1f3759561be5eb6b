"""The pages of findings and of requests to partners, and their part of the page of a signal."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.lib.refusals import Refused
from referral.organisations.permissions import Permission
from signals.actions import open_signal
from signals.enrichment import actions
from signals.enrichment.actions import OpenedEnrichment
from signals.enrichment.forms import (
    AnswerRequestForm,
    AskPartnerForm,
    DeclineRequestForm,
    FindingForm,
    ProlongForm,
    source_of,
)
from signals.enrichment.models import Enrichment, PartnerRequest
from signals.enrichment.rules import (
    can_amend,
    can_enrich,
    can_move_request,
    can_prolong,
    check_prolong,
    is_nearly_due,
    prolonged_until,
)
from signals.enrichment.workflow import RequestStatus
from signals.models import Signal
from signals.views.desk import Page
from signals.views.pages import signal_page
from signals.views.parts import Deed, Part, Reading

LINES_ON_A_PAGE = 50
GET_AND_POST = ["GET", "HEAD", "POST"]


def part(reading: Reading) -> Part | None:
    """What the expert centre found and asked; nobody else has this part on the page."""
    member, signal = reading.member, reading.signal
    if not member.may(Permission.SIGNAL_JUDGE):
        return None
    today = timezone.localdate(reading.at)
    found = [
        {
            "opened": one,
            "near": is_nearly_due(one.enrichment, today=today),
            "can_amend": can_amend(member, one.enrichment),
            "can_prolong": can_prolong(
                member, one.enrichment, one.last.version.ground, today=today
            ),
        }
        for one in actions.open_enrichments(signal, by=member, at=reading.at)
    ]
    asked = PartnerRequest.objects.visible_to(member).with_names().filter(signal=signal)
    deeds = (
        Deed(_("Add a finding"), reverse("signals:enrichment:add", args=[signal.pk])),
        Deed(_("Ask a partner"), reverse("signals:enrichment:ask", args=[signal.pk])),
    )
    return Part(
        slug="enrichment",
        title=_("Enrichment"),
        template="enrichment/_part.html",
        data={"found": found, "requests": list(asked.newest_first()), "today": today},
        deeds=deeds if can_enrich(member, signal) else (),
    )


@allowed(Permission.SIGNAL_JUDGE)
@require_http_methods(GET_AND_POST)
def add(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Write down a finding."""
    signal = get_object_or_404(Signal.objects.visible_to(request.member), pk=pk)
    page = Page(
        can="",
        title=_("Add a finding"),
        submit=_("Add"),
        said=_("The finding stands with this signal."),
        consequences=(_("Its term begins today. When it is over, the finding is destroyed."),),
    )
    form = FindingForm(request.POST or None)
    return _beside_signal(
        request, signal, form, page,
        lambda: actions.add_enrichment(
            signal, form.finding(), by=request.member, at=timezone.now()
        ),
    )  # fmt: skip


@allowed(Permission.SIGNAL_JUDGE)
@require_http_methods(GET_AND_POST)
def amend(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Write a new version of a finding."""
    enrichment = _enrichment(request, pk)
    page = Page(
        can="",
        title=_("Amend a finding"),
        submit=_("Save the new version"),
        said=_("The new version holds. The one before it can still be read."),
    )
    [opened] = actions.open_enrichments(
        enrichment.signal, only=enrichment, by=request.member, at=timezone.now()
    )
    if not can_amend(request.member, enrichment):
        messages.error(request, _("This finding has been destroyed, because its term is over."))
        return redirect(enrichment)
    last = opened.last.version
    form = FindingForm(
        request.POST or None,
        initial={
            "kind": last.kind,
            "text": opened.last.text,
            "source": last.source_id,
            "reliability": last.reliability,
            "credibility": last.credibility,
            "ground": last.ground_id,
        },
    )
    return _beside_signal(
        request, enrichment.signal, form, page,
        lambda: actions.amend_enrichment(
            enrichment, form.finding(), by=request.member, at=timezone.now()
        ),
        finding=opened,
    )  # fmt: skip


@allowed(Permission.SIGNAL_JUDGE)
@require_http_methods(GET_AND_POST)
def prolong(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Decide to keep a finding longer."""
    enrichment, today = _enrichment(request, pk), timezone.localdate()
    [opened] = actions.open_enrichments(
        enrichment.signal, only=enrichment, by=request.member, at=timezone.now()
    )
    ground = opened.last.version.ground
    try:
        check_prolong(request.member, enrichment, ground, today=today)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(enrichment)
    until = prolonged_until(enrichment, ground, today=today)
    page = Page(
        can="",
        title=_("Keep a finding longer"),
        submit=_("Keep it longer"),
        said=_("The finding is kept longer. Your decision stands beside it."),
        consequences=(_("It is kept until %s. After that it is destroyed.") % date_format(until),),
    )
    form = ProlongForm(request.POST or None)
    return _beside_signal(
        request, enrichment.signal, form, page,
        lambda: actions.prolong_enrichment(
            enrichment, **form.cleaned_data, by=request.member, at=timezone.now()
        ),
        finding=opened,
    )  # fmt: skip


@allowed(Permission.SIGNAL_TRIAGE)
@require_http_methods(GET_AND_POST)
def ask(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask a partner what it knows."""
    signal = get_object_or_404(Signal.objects.visible_to(request.member), pk=pk)
    page = Page(
        can="",
        title=_("Ask a partner"),
        submit=_("Ask"),
        said=_("You have asked the partner. You get a notice when there is an answer."),
        consequences=(
            _("The partner is reminded two working days before the last day."),
            _("The coordinator hears of it when the last day is over."),
        ),
    )
    form = AskPartnerForm(request.POST or None)
    return _beside_signal(
        request, signal, form, page,
        lambda: actions.ask_partner(signal, form.asking(), by=request.member, at=timezone.now()),
    )  # fmt: skip


@allowed(Permission.SIGNAL_TRIAGE)
@require_http_methods(GET_AND_POST)
def take_over(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Make a finding of what a partner answered."""
    asked = _request(request, pk)
    page = Page(
        can="",
        title=_("Take over the answer of a partner"),
        submit=_("Take over as a finding"),
        said=_("The finding stands with this signal."),
        consequences=(_("From then on the words stand with the finding alone."),),
    )
    if not can_move_request(request.member, asked, RequestStatus.TAKEN_OVER):
        messages.error(request, _("There is no answer to take over now."))
        return redirect(asked)
    opened = actions.open_partner_request(asked, by=request.member, at=timezone.now())
    source = source_of(asked.organisation)
    initial = {"text": opened.answer, "source": source.pk if source else None}
    form = FindingForm(request.POST or None, initial=initial)
    return _beside_signal(
        request, asked.signal, form, page,
        lambda: actions.take_over_answer(
            asked, form.finding(), by=request.member, at=timezone.now()
        ),
    )  # fmt: skip


def _beside_signal(
    request: MemberRequest,
    signal: Signal,
    form: Form,
    page: Page,
    deed: Callable[[], object],
    *,
    finding: OpenedEnrichment | None = None,
) -> HttpResponse:
    """Ask what the deed needs, beside what was reported; do it when the answers are right.

    A finding that is there can be worked on when its signal is closed as well.
    """
    if request.method == "POST" and form.is_valid():
        back = f"{signal.get_absolute_url()}#enrichment"
        done = do_once(request, deed, said=page.said, back=back, form=form)
        if done is not None:
            return done
    if finding is None and not can_enrich(request.member, signal) and not form.is_bound:
        messages.error(request, _("This cannot be done with this signal now."))
        return redirect(signal)
    opened = open_signal(signal, by=request.member, at=timezone.now())
    context = {**signal_page(opened, request.member), "form": form, "page": page}
    context |= {"version": opened.signal.version, "finding": finding}
    template = "enrichment/finding.html" if finding else "signals/deed.html"
    return render(request, template, context, status=422 if form.is_bound else 200)


@allowed(Permission.SIGNAL_RECEIVE)
@require_safe
def to_us(request: MemberRequest) -> HttpResponse:
    """What the expert centre asks the member's organisation, what waits first."""
    found = PartnerRequest.objects.visible_to(request.member).with_names()
    page = Paginator(found.newest_first(), LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    shown = actions.list_requests(page.object_list, by=request.member, at=timezone.now())
    return render(request, "enrichment/to_us.html", {"page": page, "requests": shown})


@allowed(Permission.SIGNAL_TRIAGE)
@require_safe
def desk(request: MemberRequest) -> HttpResponse:
    """Open requests to partners, the most overdue first, and findings whose term is nearly over."""
    at = timezone.now()
    today = timezone.localdate(at)
    asked = PartnerRequest.objects.visible_to(request.member).open().select_related("signal")
    page = Paginator(asked.with_names().soonest_first(), LINES_ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    near = Enrichment.objects.visible_to(request.member).nearly_due_on(today)
    context = {
        "page": page,
        "requests": actions.list_requests(page.object_list, by=request.member, at=at),
        "near": actions.list_desk(
            near.select_related("signal")[:LINES_ON_A_PAGE], by=request.member, at=at
        ),
        "today": today,
    }
    return render(request, "enrichment/desk.html", context)


@allowed(Permission.SIGNAL_RECEIVE, Permission.SIGNAL_TRIAGE)
@require_safe
def show(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One request, for the partner and for the expert centre."""
    return render(request, "enrichment/request.html", _request_page(request, _request(request, pk)))


@allowed(Permission.SIGNAL_RECEIVE)
@require_http_methods(GET_AND_POST)
def answer(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The partner answers."""
    page = Page(
        can="can_answer",
        title=_("Answer the request"),
        submit=_("Send the answer"),
        said=_("Your answer has been sent. Thank you."),
    )
    form = AnswerRequestForm(request.POST or None)
    return _beside_request(request, pk, form, actions.answer_request, page)


@allowed(Permission.SIGNAL_RECEIVE)
@require_http_methods(GET_AND_POST)
def decline(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The partner does not answer, and says why."""
    page = Page(
        can="can_answer",
        title=_("Decline the request"),
        submit=_("Decline"),
        said=_("You have declined the request."),
    )
    form = DeclineRequestForm(request.POST or None)
    return _beside_request(request, pk, form, actions.decline_request, page)


@allowed(Permission.SIGNAL_TRIAGE)
@require_POST
def withdraw(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The expert centre needs no answer any more."""
    said = _("You have taken the request back.")
    return _button(request, pk, actions.withdraw_request, said)


@allowed(Permission.SIGNAL_TRIAGE)
@require_POST
def set_aside(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The answer is of no use; its words go."""
    return _button(request, pk, actions.set_answer_aside, _("The answer has been erased."))


def _beside_request(
    request: MemberRequest, pk: UUID, form: Form, deed: Callable[..., object], page: Page
) -> HttpResponse:
    asked = _request(request, pk)
    if request.method == "POST" and form.is_valid():
        done = do_once(
            request,
            lambda: deed(asked, **form.cleaned_data, by=request.member, at=timezone.now()),
            said=page.said,
            back=asked.get_absolute_url(),
            form=form,
        )
        if done is not None:
            return done
    context = _request_page(request, asked)
    if not context[page.can] and not form.is_bound:
        messages.error(request, _("This request does not wait for an answer of yours now."))
        return redirect(asked)
    context |= {"form": form, "deed": page}
    return render(request, "enrichment/answer.html", context, status=422 if form.is_bound else 200)


def _button(
    request: MemberRequest, pk: UUID, deed: Callable[..., object], said: str
) -> HttpResponse:
    asked = _request(request, pk)
    return do_once(
        request,
        lambda: deed(asked, by=request.member, at=timezone.now()),
        said=said,
        back=asked.get_absolute_url(),
    )


def _request_page(request: MemberRequest, asked: PartnerRequest) -> dict[str, object]:
    member = request.member
    opened = actions.open_partner_request(asked, by=member, at=timezone.now())
    inside = member.may(Permission.SIGNAL_TRIAGE)

    def can(to: RequestStatus) -> bool:
        return can_move_request(member, opened.request, to)

    return {
        "opened": opened,
        "inside": inside,
        "signal": opened.request.signal if inside else None,
        "can_answer": can(RequestStatus.ANSWERED),
        "can_withdraw": can(RequestStatus.WITHDRAWN),
        "can_take_over": can(RequestStatus.TAKEN_OVER),
    }


def _request(request: MemberRequest, pk: UUID) -> PartnerRequest:
    found = PartnerRequest.objects.visible_to(request.member).with_names()
    asked: PartnerRequest = get_object_or_404(found, pk=pk)
    return asked


def _enrichment(request: MemberRequest, pk: UUID) -> Enrichment:
    found = Enrichment.objects.visible_to(request.member).select_related("signal", "key")
    enrichment: Enrichment = get_object_or_404(found, pk=pk)
    return enrichment
