"""Where a change of beds is proposed, read, answered and carried out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from shelters.actions import list_placements
from shelters.models import Placement
from shelters.swaps import actions
from shelters.swaps.forms import SwapForm
from shelters.swaps.models import Swap, SwapSide
from shelters.swaps.rules import can_move_swap, can_propose
from shelters.swaps.workflow import SwapStatus
from shelters.workflow import PlacementStatus

#: What may be asked of a change of beds, the deed, and what is said afterwards.
MOVES: dict[str, tuple[Callable[..., Swap], object]] = {
    SwapStatus.AGREED: (actions.accept_swap, gettext_lazy("You have accepted the change of beds.")),
    SwapStatus.DECLINED: (
        actions.decline_swap,
        gettext_lazy("Declined. Everybody stays where they are."),
    ),
    SwapStatus.WITHDRAWN: (
        actions.withdraw_swap,
        gettext_lazy("Withdrawn. Everybody stays where they are."),
    ),
    SwapStatus.DONE: (actions.carry_out_swap, gettext_lazy("The change of beds is recorded.")),
}


def placement_part(placement: Placement, member: Membership) -> tuple[str, Mapping[str, object]]:
    """For the page of a placement: the change of beds that stands, or the way to propose one."""
    sides = SwapSide.objects.visible_to(member).standing_for(placement).select_related("swap")
    proposes = can_propose(member, placement)
    side = sides.first() if proposes else None
    return "swaps/_link.html", {"standing": side and side.swap, "proposes": proposes}


def waiting_part(member: Membership) -> tuple[str, Mapping[str, object]]:
    """For the day of a shelter and the list of the desk: which changes of beds wait."""
    found = actions.list_waiting_swaps(by=member, at=timezone.now())
    changes = [
        (seen, can_move_swap(member, seen.swap, seen.sides, SwapStatus.AGREED)) for seen in found
    ]
    return "swaps/_waiting.html", {"changes": changes}


@allowed(Permission.PLACEMENT_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: MemberRequest, pk: UUID) -> HttpResponse:
    """With whom somebody who stays here changes beds."""
    member, at = request.member, timezone.now()
    seen = Placement.objects.visible_to(member).with_names().select_related("bed")
    first = get_object_or_404(seen, pk=pk)
    if first.status != PlacementStatus.ARRIVED:  # or somebody else was first
        if request.method == "POST":
            messages.error(request, _("Only who stays in a shelter now can change beds."))
        return redirect(first)
    staying = seen.filter(status=PlacementStatus.ARRIVED)
    others = staying.filter(shelter=first.shelter_id).exclude(pk=pk).order_by("bed__code")
    here = list_placements(others, by=member, at=at)
    elsewhere = member.may(Permission.PLACEMENT_RESERVE)
    form = SwapForm(request.POST or None, here=here, elsewhere=elsewhere)
    if form.is_valid():
        named = {"pk": form.cleaned_data.get("other")}
        if form.cleaned_data.get("reference"):
            named = {"request__reference": form.cleaned_data["reference"].strip().upper()}
        second = staying.filter(**named).first()
        if second is None:
            form.add_error(None, _("Nobody with that number stays in a shelter now."))
        else:
            answer = do_once(
                request,
                lambda: actions.propose_swap(
                    first, second, by=member, at=timezone.now()
                ).get_absolute_url(),
                said=_("Proposed. The shelters answer.")
                if elsewhere
                else _("The change of beds is recorded."),
                form=form,
            )
            if answer is not None:
                return answer
    context = {
        "form": form,
        "title": _("Change beds with somebody"),
        "intro": _("%(who)s leaves place %(bed)s in %(house)s, and the other one comes there.")
        % {
            "who": first.request.reference,
            "bed": first.bed.code,
            "house": first.shelter.code_name,
        },
        "submit_label": _("Propose to the shelters") if elsewhere else _("They change beds now"),
        "cancel_url": first.get_absolute_url(),
        "crumbs": [(first.get_absolute_url(), first.request.reference)],
    }
    return render(
        request, "components/form_page.html", context, status=422 if form.is_bound else 200
    )


@allowed(Permission.PLACEMENT_READ_ALL, Permission.PLACEMENT_ANSWER)
@require_safe
def swap(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One change of beds: a shelter sees its own side, the desk both."""
    member = request.member
    found = get_object_or_404(Swap.objects.visible_to(member), pk=pk)
    seen = actions.open_swap(found, by=member, at=timezone.now())
    context = {
        "swap": seen.swap,
        "sides": seen.sides,
        "can": {to.value: can_move_swap(member, seen.swap, seen.sides, to) for to in SwapStatus},
        "has_today": member.may(Permission.PLACEMENT_ANSWER),
    }
    return render(request, "swaps/swap.html", context)


@allowed(Permission.PLACEMENT_RECORD)
@require_POST
def move(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Accept, decline, withdraw, or say that they have changed beds."""
    found = get_object_or_404(Swap.objects.visible_to(request.member), pk=pk)
    to = request.POST.get("to", "")
    if to not in MOVES:
        return redirect(found)
    deed, said = MOVES[to]
    return do_once(
        request,
        lambda: deed(found, by=request.member, at=timezone.now()),
        said=str(said),
        back=found.get_absolute_url(),
    )
