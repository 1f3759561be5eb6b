"""A person's own page, and the pages where the national desk makes two records one."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from referral.persons.merging import actions
from referral.persons.merging.forms import DecideForm, ProposeForm
from referral.persons.merging.models import Merge
from referral.persons.merging.rules import can_move
from referral.persons.merging.workflow import Status
from referral.persons.models import Identity, Person

LINES_ON_A_PAGE = 50
desk = allowed(Permission.REGISTRATION_COMPLETE)
asks = require_http_methods(["GET", "HEAD", "POST"])
DECISIONS = {
    Status.MERGED: (_("Confirm: these are one person"), actions.confirm_merge),
    Status.DECLINED: (_("These are two persons"), actions.decline_merge),
    Status.UNDONE: (_("Undo: these are two persons after all"), actions.undo_merge),
}


@allowed(Permission.PERSON_READ_GRANTED, Permission.PERSON_READ_ALL, Permission.EMERGENCY_OPEN)
@require_safe
def person(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One presumed victim without the identity: with which others it is one person."""
    member = request.member
    found = get_object_or_404(Person.objects.visible_to(member), pk=pk)
    merges = actions.open_person(found, by=member, at=timezone.now())
    at_desk = member.may(Permission.REGISTRATION_COMPLETE)
    context = {"person": found, "merges": merges, "at_desk": at_desk}
    return render(request, "merging/person.html", context)


@desk
@require_safe
def merges(request: MemberRequest) -> HttpResponse:
    """What waits for a second person, then what was decided."""
    found = Merge.objects.visible_to(request.member).with_names().waiting_first()
    shown = actions.list_merges(found[:LINES_ON_A_PAGE], by=request.member, at=timezone.now())
    return render(request, "merging/merges.html", {"merges": shown})


@desk
@asks
def propose(request: MemberRequest, pk: UUID, other: UUID) -> HttpResponse:
    """Two persons side by side; the left one stays."""
    visible, now = Person.objects.visible_to(request.member), timezone.now()
    kept, gone = (get_object_or_404(visible, pk=one) for one in (pk, other))
    pair = _pair(request, kept, gone)
    form = ProposeForm(request.POST or None, answers=pair.answers)
    if form.is_valid():

        def deed() -> str:
            reason = form.cleaned_data["reason"]
            made = actions.propose_merge(
                kept, gone=gone, chosen=form.chosen, reason=reason, by=request.member, at=now
            )
            return made.get_absolute_url()

        said = _("Proposed. A colleague confirms it or says no.")
        if (done := do_once(request, deed, said=str(said), form=form)) is not None:
            return done
    context = {"form": form, "kept": kept, "gone": gone, "pair": pair}
    return _answered(request, "merging/propose.html", context)


@desk
@asks
def merge(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One merge, side by side, with what may be decided on it now."""
    member, now = request.member, timezone.now()
    found = get_object_or_404(Merge.objects.visible_to(member).with_names(), pk=pk)
    moves = [goal for goal in DECISIONS if can_move(member, found, goal)]
    form = DecideForm(
        request.POST or None, decisions=[(goal.value, DECISIONS[goal][0]) for goal in moves]
    )
    if moves and form.is_valid():
        decide = DECISIONS[Status(form.cleaned_data["decision"])][1]
        done = do_once(
            request,
            lambda: decide(found, by=member, at=now),
            said=str(_("Your decision is kept.")),
            back=found.get_absolute_url(),
            form=form,
        )
        if done is not None:
            return done
    context = {
        "form": form,
        "moves": moves,
        "merge": found,
        "kept": found.kept,
        "gone": found.gone,
        "pair": _pair(request, found.kept, found.gone),
        "reason": actions.opened_reason(found)["reason"],
    }
    return _answered(request, "merging/merge.html", context)


def _pair(request: MemberRequest, kept: Person, gone: Person) -> actions.Pair:
    try:
        return actions.open_pair(kept, gone, by=request.member, at=timezone.now())
    except Identity.DoesNotExist as error:
        raise Http404 from error


def _answered(request: MemberRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, context, status=422 if context["form"].errors else 200)
