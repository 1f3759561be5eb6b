"""Answering an offer, and recording who came and who left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from shelters import actions
from shelters.forms import DepartureForm, NoShowForm, RefusalForm
from shelters.lists.models import ListName
from shelters.lists.rules import read_lists
from shelters.models import EmergencyPlacement, FamilyStay, Placement, ShelterAddress
from shelters.rules import can_move, check_move
from shelters.workflow import PlacementStatus

#: Why placements were chosen in spite of a warning, in words.
WhyMaker = Callable[[Iterable[Placement]], Mapping[UUID, str]]
#: A template and what it is filled with, for one reader.
PartMaker = Callable[[Placement, Membership], tuple[str, Mapping[str, object]]]


@allowed(Permission.PLACEMENT_READ_ALL, Permission.PLACEMENT_ANSWER, Permission.SHELTER_REQUEST)
@require_safe
def placement_page(
    request: MemberRequest, pk: UUID, more: PartMaker, why: WhyMaker
) -> HttpResponse:
    """One placement: where it stands, what this reader can do, and what rooms inside add."""
    member = request.member
    found = get_object_or_404(Placement.objects.visible_to(member), pk=pk)
    placement = actions.open_placement(found, by=member, at=timezone.now())
    addresses = ShelterAddress.objects.visible_to(member).filter(pk=placement.shelter_id)
    template, part = more(placement, member)
    context = {
        "more": template,
        **part,
        "placement": placement,
        "facts": [
            *facts(placement, member=member),
            *((_("Chosen in spite of a warning"), said) for said in why([placement]).values()),
        ],
        "can": {move.value: can_move(member, placement, move) for move in PlacementStatus},
        "sees_address": addresses.exists(),
        "sees_case": sees_case(request, placement),
        "has_today": member.may(Permission.PLACEMENT_ANSWER),
    }
    return render(request, "shelters/placement.html", context)


#: A next place in these came to nothing.
GONE = (PlacementStatus.REFUSED, PlacementStatus.EXPIRED, PlacementStatus.WITHDRAWN)


def facts(placement: Placement, *, member: Membership) -> list[tuple[str, str]]:
    """Label and value; which bed it is only who places or takes in may see."""
    asked, shelter = placement.request, placement.shelter
    words = read_lists(by=member).said(ListName.TYPE, [shelter.type])
    sees_bed = not member.may(Permission.SHELTER_REQUEST)
    return [
        (_("Shelter"), f"{shelter.code_name}, {words}"),
        (_("Region"), str(shelter.safety_region)),
        *([(_("Place"), placement.bed.code)] if sees_bed else []),
        (_("Sex"), asked.get_sex_display()),
        (_("Age group"), asked.get_age_group_display()),
        (_("The place must offer"), ", ".join(asked.need_labels) or _("Nothing special")),
        *_how_it_came(placement, member=member),
        *(
            [(_("Refused because"), placement.get_refusal_reason_display())]
            * bool(placement.refusal_reason)
        ),
        *([(_("Ended because"), placement.get_end_reason_display())] * bool(placement.end_reason)),
    ]


def _how_it_came(placement: Placement, *, member: Membership) -> list[tuple[str, str]]:
    """Who placed in an emergency, who comes along; and of a transfer the other place.

    As far as this reader may know.
    """
    found = EmergencyPlacement.objects.visible_to(member).filter(placement=placement)
    police = [
        (
            _("Placed in an emergency"),
            f"{one.placed_by.name}. {_('Basis')}: {one.get_legal_basis_display()}",
        )
        for one in found.select_related("placed_by")
    ]
    seen = Placement.objects.visible_to(member).select_related("shelter")
    came = [(_("Moves from"), one.shelter.code_name) for one in seen.filter(followers=placement)]
    goes = [
        (_("Next place"), f"{one.shelter.code_name}: {one.get_status_display()}")
        for one in seen.filter(follows=placement).exclude(status__in=GONE)
    ]
    family = FamilyStay.objects.visible_to(member).of_the_families_of([placement])
    others = family.exclude(placement=placement).order_by("placement__request__reference")
    named = ", ".join(others.values_list("placement__request__reference", flat=True))
    together = [(_("Comes together with"), named)] if named else []
    return [*police, *together, *came, *goes]


def sees_case(request: MemberRequest, placement: Placement) -> bool:
    if request.member.may(Permission.PLACEMENT_ANSWER):
        return placement.status == PlacementStatus.ARRIVED
    return True


@allowed(Permission.PLACEMENT_ANSWER)
@require_POST
def accept(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The shelter says yes."""
    return _do(request, pk, actions.accept_placement, said=_("You have accepted this placement."))


@allowed(Permission.PLACEMENT_RECORD)
@require_POST
def arrive(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The person has come."""
    return _do(request, pk, actions.record_arrival, said=_("The arrival is recorded."))


@allowed(Permission.PLACEMENT_RESERVE)
@require_POST
def take_back(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The desk needs the bed otherwise, or chose the wrong one."""
    said = _("The reservation is taken back. The bed is free, and the request waits again.")
    return _do(request, pk, actions.withdraw_reservation, said=said)


def _do(
    request: MemberRequest, pk: UUID, deed: Callable[..., Placement], *, said: str
) -> HttpResponse:
    placement = get_object_or_404(Placement.objects.visible_to(request.member), pk=pk)
    return do_once(
        request,
        lambda: deed(placement, by=request.member, at=timezone.now()),
        said=said,
        back=placement.get_absolute_url(),
    )


@allowed(Permission.PLACEMENT_ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The shelter says no: one tap on the reason."""
    placement = _opened(request, pk)
    if not can_move(request.member, placement, PlacementStatus.REFUSED):
        return _too_late(request, placement, PlacementStatus.REFUSED)
    form = RefusalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        done = do_once(
            request,
            lambda: actions.refuse_placement(
                placement, **form.cleaned_data, by=request.member, at=timezone.now()
            ),
            said=_("You have refused this placement. The desk looks further."),
            back=placement.get_absolute_url(),
            form=form,
        )
        if done is not None:
            return done
    context = {
        "placement": placement,
        "form": form,
        "title": _("Why do you refuse?"),
        "reasons": form.fields["reason"].choices,  # type: ignore[attr-defined]
    }
    return render(request, "shelters/reasons.html", context, status=422 if form.is_bound else 200)


@allowed(Permission.PLACEMENT_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The stay ends. A departure is chosen and then recorded, since it cannot be taken back."""
    placement = _opened(request, pk)
    if not can_move(request.member, placement, PlacementStatus.ENDED):
        return _too_late(request, placement, PlacementStatus.ENDED)
    never = placement.arrived_at is None
    form = NoShowForm(request.POST or None) if never else DepartureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = do_once(
            request,
            lambda: actions.end_placement(
                placement, **form.cleaned_data, by=request.member, at=timezone.now()
            ),
            said=_("It is recorded that the person did not come. The bed is free.")
            if never
            else _("The departure is recorded. The bed is free."),
            back=placement.get_absolute_url(),
            form=form,
        )
        if done is not None:
            return done
    context = {
        "placement": placement,
        "form": form,
        "title": _("Did the person not come?") if never else _("Departure of the person"),
        "reasons": form.fields["reason"].choices,  # type: ignore[attr-defined]
        "intro": _("The bed is free at once, and the stay cannot be opened again."),
        "submit_label": _("Record the departure"),
        "cancel_url": placement.get_absolute_url(),
        "crumbs": [(placement.get_absolute_url(), placement.request.reference)],
    }
    page = "shelters/reasons.html" if never else "components/form_page.html"
    return render(request, page, context, status=422 if form.is_bound else 200)


def _too_late(request: MemberRequest, placement: Placement, to: PlacementStatus) -> HttpResponse:
    """Lead back; who sent a form hears that somebody else was first."""
    if request.method != "POST":
        return redirect(placement)
    return do_once(
        request,
        lambda: check_move(request.member, placement, to, at=timezone.now()),
        back=placement.get_absolute_url(),
    )


def _opened(request: MemberRequest, pk: UUID) -> Placement:
    found = get_object_or_404(Placement.objects.visible_to(request.member), pk=pk)
    return actions.open_placement(found, by=request.member, at=timezone.now())
