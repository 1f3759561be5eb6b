"""The reporter's pages: send, receipt, own signals, and one signal with what one may see."""

from collections.abc import Sequence
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from signals import actions
from signals.forms import SignalForm
from signals.models import Signal
from signals.querysets import SignalQuerySet
from signals.rules import SignalDestroyed, triage_due
from signals.views.followed import followed
from signals.views.pages import signal_page
from signals.views.parts import AboveMaker, BesideMaker, KeptMaker, PartMaker, Reading

LINES_ON_A_PAGE = 50
OWN, ORGANISATION, MUNICIPALITY, DIRECT = "own", "organisation", "municipality", "direct"


@allowed(Permission.SIGNAL_SUBMIT)
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: MemberRequest, *, keep: KeptMaker | None = None) -> HttpResponse:
    """The quick signal. What was typed stays when an answer needs attention, or when a button
    asked for one row more; `keep` gives the draft behind the page. A story that may name nobody
    and seems to is shown once more.
    """
    kept = keep(request) if keep else None
    before = kept.typed if kept else None
    form = SignalForm(request.POST or before, member=request.member)

    def send() -> str:
        sent = actions.submit_signal(form.draft(), by=request.member, at=timezone.now())
        if kept:
            kept.sent()
        return sent.get_receipt_url()

    if (changes := followed(request, form)) is not None:
        return changes
    if request.method == "POST" and form.is_valid():
        if form.named:
            return render(request, "signals/named.html", {"form": form, "kept": kept})
        done = do_once(request, send, form=form)
        if done is not None:
            return done
    if kept and before is not None:
        kept.look_over(form)
    status = 422 if request.method == "POST" and form.is_bound else 200
    return render(request, "signals/submit.html", {"form": form, "kept": kept}, status=status)


@allowed(Permission.SIGNAL_SUBMIT)
@require_safe
def receipt(request: MemberRequest, pk: UUID, *, also: BesideMaker | None = None) -> HttpResponse:
    """The reference number, and what happens next and when.

    A page of its own: it can only be shown when the signal has been committed.
    """
    own = Signal.objects.visible_to(request.member).reported_by(request.member)
    at = timezone.now()
    sent = actions.open_receipt(get_object_or_404(own, pk=pk), by=request.member, at=at)
    context = {
        "signal": sent,
        "due": triage_due(sent, actions.level_book(by=request.member)),
        "may_register": request.member.may(Permission.REGISTRATION_SUBMIT),
        "also": also(sent, request.member, at) if also else None,
    }
    return render(request, "signals/receipt.html", context)


@allowed(Permission.SIGNAL_SUBMIT)
@require_safe
def list_signals(request: MemberRequest, *, above: AboveMaker | None = None) -> HttpResponse:
    """Own signals; for officers their organisation's, for focal officers their municipality's."""
    scopes = scopes_of(request.member)
    scope = request.GET.get("of", "")
    if scope not in dict(scopes):
        scope = scopes[0][0]
    found = _in_scope(Signal.objects.visible_to(request.member), request.member, scope)
    page = Paginator(found.newest_first().with_names(), LINES_ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    signals = actions.list_signals(page.object_list, by=request.member, at=timezone.now())
    context = {"page": page, "signals": signals, "scopes": scopes, "scope": scope}
    shown = {"above": above(request.member) if above else None}
    return render(request, "signals/list.html", context | shown)


def scopes_of(member: Membership) -> list[tuple[str, str]]:
    """Which lists a member has; the first is the one where the work is."""
    scopes = [(OWN, _("My signals"))]
    if member.may(Permission.SIGNAL_READ_ORGANISATION):
        scopes.append((ORGANISATION, _("Of my organisation")))
        scopes.append((DIRECT, _("Sent to us direct")))
    if member.may(Permission.SIGNAL_READ_MUNICIPALITY):
        scopes.insert(0, (MUNICIPALITY, _("Of my municipality")))
    return scopes


def _in_scope(signals: SignalQuerySet, member: Membership, scope: str) -> SignalQuerySet:
    if scope == ORGANISATION:
        return signals.filter(reporter_organisation=member.organisation_id)
    if scope == DIRECT:
        return signals.sent_direct_to(member)
    if scope == MUNICIPALITY:
        return signals.of_municipality(member)
    return signals.reported_by(member)


@allowed(Permission.SIGNAL_SUBMIT)
@require_safe
def signal(request: MemberRequest, pk: UUID, *, more: Sequence[PartMaker] = ()) -> HttpResponse:
    """One signal, with what this member may see of it; the look is recorded.

    `more` are the parts of the rooms above this one.
    """
    at = timezone.now()
    found = get_object_or_404(Signal.objects.visible_to(request.member), pk=pk)
    try:
        opened = actions.open_signal(found, by=request.member, at=at)
    except SignalDestroyed:
        actions.read_what_is_left(found, by=request.member, at=at)
        return render(request, "signals/destroyed.html", {"signal": found}, status=410)
    reading = Reading(opened, request.member, at)
    parts = [part for make in more if (part := make(reading)) is not None]
    context = {**signal_page(opened, request.member), "parts": parts}
    context["next"] = next((part.next for part in parts if part.next), context["next"])
    return render(request, "signals/signal.html", context)
