"""Suggestions on the page of a signal, the deeds that decide on them, and the picture."""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from signals.forms import LevelsForm
from signals.links import actions
from signals.links.forms import LinkForm
from signals.links.models import Link
from signals.links.rules import COMMON, weights_of
from signals.models import Signal
from signals.rules import can_move
from signals.views.levels import versions
from signals.views.parts import Beside, Deed, Part, Reading
from signals.workflow import OPEN, Status

SLUG = "links"


def part(reading: Reading) -> Part | None:
    """For the expert centre what may belong with the signal; for others what was split off."""
    member, signal = reading.member, reading.signal
    inside = member.may(Permission.SIGNAL_JUDGE)
    links = actions.open_links(signal, by=member, at=reading.at)
    if not inside and not links:
        return None
    suggestions = (
        actions.list_suggestions(signal, by=member, at=reading.at)
        if inside and signal.status in OPEN
        else []
    )
    deeds = (
        Deed(_("Link with another signal"), reverse("signals:links:link", args=[signal.pk])),
        Deed(_("Picture of the links"), reverse("signals:links:graph", args=[signal.pk])),
    )
    return Part(
        slug=SLUG,
        title=_("Belongs with other signals?") if inside else _("Belongs with"),
        template="links/_part.html",
        data={
            "signal": signal,
            "links": links,
            "suggestions": suggestions,
            "inside": inside,
            "can_merge": can_move(member, signal, Status.MERGED),
        },
        deeds=deeds if inside else (),
    )


def known_hits(signal: Signal, member: Membership, at: datetime) -> Beside | None:
    """On the receipt: signals within the reporter's rights that name the same, or nothing."""
    hits = actions.list_known_hits(signal, by=member, at=at)
    return Beside("links/_known.html", hits) if hits else None


@allowed(Permission.SIGNAL_JUDGE)
@require_safe
def graph(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The signals around one as a picture and as a table."""
    signal = _signal(request, pk)
    shown = actions.open_graph(signal, by=request.member, at=timezone.now())
    version = actions.weights_at(timezone.now(), by=request.member)
    context = {
        "signal": signal,
        "graph": shown,
        "version": version,
        "weights": weights_of(version),
        "common": COMMON,
        "may_set": request.member.may(Permission.SIGNAL_LEVELS),
    }
    return render(request, "links/graph.html", context)


@allowed(Permission.SIGNAL_LEVELS)
@require_http_methods(["GET", "HEAD", "POST"])
def weights(request: MemberRequest) -> HttpResponse:
    """Every version of the weights, and the next one from a day."""
    at = timezone.now()
    found = actions.list_weights(by=request.member)
    form = LevelsForm(request.POST or None, before=found[-1])
    form.fields["since"].help_text = _(
        "A day after today. From then on all signals are weighed so."
    )
    if request.method == "POST" and form.is_valid():
        done = do_once(
            request,
            lambda: actions.set_weights(
                form.terms(),
                since=form.cleaned_data["since"],
                reason=form.cleaned_data["reason"],
                by=request.member,
                at=at,
            ),
            said=_("The weights change from that day on."),
            back=reverse("signals:links:weights"),
            form=form,
        )
        if done is not None:
            return done
    now = next(one for one in found if one.holds_at(at))
    context = {"form": form, "versions": versions(found, now), "common": COMMON}
    status = 422 if form.is_bound else 200
    return render(request, "links/weights.html", context, status=status)


@allowed(Permission.SIGNAL_TRIAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Two signals belong together, and stay two."""
    signal = _signal(request, pk)
    named = {"other": request.GET.get("other", "")}
    form = LinkForm(request.POST or None, initial=named, member=request.member)
    if request.method == "POST" and form.is_valid():
        done = do_once(
            request,
            lambda: actions.link_signals(
                signal, **form.cleaned_data, by=request.member, at=timezone.now()
            ),
            said=_("You have linked the two signals."),
            back=_back(signal),
            form=form,
        )
        if done is not None:
            return done
    status = 422 if form.is_bound else 200
    return render(request, "links/link.html", {"signal": signal, "form": form}, status=status)


@allowed(Permission.SIGNAL_TRIAGE)
@require_POST
def dismiss(request: MemberRequest, pk: UUID, other: UUID) -> HttpResponse:
    """What the two share is chance."""
    signal, found = _signal(request, pk), _signal(request, other)
    return do_once(
        request,
        lambda: actions.dismiss_suggestion(
            signal, other=found, by=request.member, at=timezone.now()
        ),
        said=_("These two are not suggested again, unless they share something new."),
        back=_back(signal),
    )


@allowed(Permission.SIGNAL_TRIAGE)
@require_POST
def end(request: MemberRequest, pk: UUID, link: UUID) -> HttpResponse:
    """The two do not belong together after all."""
    signal = _signal(request, pk)
    links = Link.objects.visible_to(request.member).about(signal)
    found = get_object_or_404(links, pk=link)
    return do_once(
        request,
        lambda: actions.end_link(found, by=request.member, at=timezone.now()),
        said=_("You have ended this link. It stays on record."),
        back=_back(signal),
    )


def _signal(request: MemberRequest, pk: UUID) -> Signal:
    found: Signal = get_object_or_404(Signal.objects.visible_to(request.member), pk=pk)
    return found


def _back(signal: Signal) -> str:
    return f"{signal.get_absolute_url()}#{SLUG}"
