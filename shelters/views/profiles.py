"""What a shelter offers, its contract and its address: shown, and changed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.lib.versions import Version
from referral.organisations.permissions import Permission
from shelters import actions
from shelters.forms import AddressForm, ContractForm, NewShelterForm, OfferForm, StandingForm
from shelters.lists.models import ListName
from shelters.lists.rules import Lists, read_lists
from shelters.models import Contract, Shelter, ShelterAddress
from shelters.rules import Offer, Standing, mark_of_profile

FORM_PAGE = "components/form_page.html"
METHODS = ["GET", "HEAD", "POST"]


@allowed(Permission.SHELTER_READ)
@require_safe
def shelter(request: MemberRequest, pk: UUID) -> HttpResponse:
    """What a shelter offers; never where it stands."""
    member, at = request.member, timezone.now()
    found = get_object_or_404(Shelter.objects.visible_to(member), pk=pk)
    opened = actions.open_shelter(found, by=member, at=at)
    contracts = list(Contract.objects.visible_to(member).filter(shelter=opened).newest_first())
    today = timezone.localdate(at)
    standing = [c for c in contracts if today in c.valid and c.places]
    desk = member.may(Permission.PLACEMENT_RESERVE)
    lists = read_lists(by=member)
    funders = lists.words(ListName.FUNDER)
    context = {
        "shelter": opened,
        "facts": _facts(opened, lists),
        "contracts": [(one, funders[one.funding]) for one in contracts],
        "places": sum(contract.places for contract in standing),
        "sees_address": ShelterAddress.objects.visible_to(member).filter(pk=pk).exists(),
        "desk": desk,
        "keeps": desk or member.may(Permission.BED_MANAGE_OWN),
    }
    return render(request, "shelters/shelter.html", context)


def _facts(shelter: Shelter, lists: Lists) -> list[tuple[str, str]]:
    run_by = (_("Run by"), shelter.organisation.name)
    return [*_standing_facts(shelter, lists), run_by, *_offer_facts(shelter, lists)]


def _standing_facts(shelter: Shelter, lists: Lists) -> list[tuple[str, str]]:
    """What the desk says of it, besides its name."""
    return [
        (_("Type"), lists.said(ListName.TYPE, [shelter.type])),
        (_("Region"), str(shelter.safety_region)),
        (_("In use"), _yes_or_no(shelter.active)),
    ]


def _offer_facts(shelter: Shelter, lists: Lists) -> list[tuple[str, str]]:
    """What it says of itself."""
    ages = _("from %(from)d") % {"from": shelter.min_age}
    if shelter.max_age is not None:
        ages = _("%(from)d to %(to)d") % {"from": shelter.min_age, "to": shelter.max_age}
    return [
        (_("Made for"), lists.said(ListName.GROUP, shelter.target_groups)),
        (_("For"), shelter.get_sexes_display()),
        (_("Ages"), ages),
        (_("Children may come along"), _yes_or_no(shelter.children)),
        (_("Pets may come along"), _yes_or_no(shelter.pets)),
        (_("Accessible by wheelchair"), _yes_or_no(shelter.wheelchair)),
        (_("Expertise"), lists.said(ListName.EXPERTISE, shelter.expertise)),
        (_("Languages spoken"), ", ".join(shelter.language_names)),
        (_("Security"), shelter.get_security_display()),
    ]


def _yes_or_no(answer: bool) -> str:  # noqa: FBT001 -- a fact of the page
    return _("Yes") if answer else _("No")


@allowed(Permission.BED_MANAGE_OWN, Permission.PLACEMENT_RESERVE)
@require_http_methods(METHODS)
def offer(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The shelter, or the desk for it, says whom it takes in and what it can do."""
    found = get_object_or_404(Shelter.objects.visible_to(request.member), pk=pk)
    lists = read_lists(by=request.member)
    form = OfferForm.of(found, lists, request.POST or None)

    def newer() -> Version:
        now = actions.open_shelter(found, by=request.member, at=timezone.now())
        return Version(mark_of_profile(now, Offer), _offer_facts(now, lists))

    if form.is_valid():
        answer = do_once(
            request,
            lambda: actions.say_what_is_offered(
                found, form.offer(), by=request.member, at=timezone.now()
            ),
            said=_("Saved. Places are found by this from now on."),
            back=found.get_absolute_url(),
            form=form,
        )
        if answer is not None:
            return answer
    context = {
        "title": _("What we offer"),
        "form": form,
        "version": form.beside(newer),
        **_back_to(found),
    }
    return render(request, FORM_PAGE, context, status=422 if form.is_bound else 200)


@allowed(Permission.PLACEMENT_RESERVE)
@require_http_methods(METHODS)
def standing(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The desk says what type of shelter it is, and whether people are placed there."""
    found = get_object_or_404(Shelter.objects.visible_to(request.member), pk=pk)
    lists = read_lists(by=request.member)
    form = StandingForm.of(found, lists, request.POST or None)

    def newer() -> Version:
        now = actions.open_shelter(found, by=request.member, at=timezone.now())
        lines = [(_("Code name"), now.code_name), *_standing_facts(now, lists)]
        return Version(mark_of_profile(now, Standing), lines)

    if form.is_valid():
        answer = do_once(
            request,
            lambda: actions.set_standing(
                found, form.standing(), by=request.member, at=timezone.now()
            ),
            said=_("Saved. The shelter is told."),
            back=found.get_absolute_url(),
            form=form,
        )
        if answer is not None:
            return answer
    context = {
        "title": _("Type, region and use"),
        "form": form,
        "version": form.beside(newer),
        **_back_to(found),
    }
    return render(request, FORM_PAGE, context, status=422 if form.is_bound else 200)


@allowed(Permission.PLACEMENT_RESERVE)
@require_http_methods(METHODS)
def contract(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The desk says how many places a funder pays, from which day."""
    found = get_object_or_404(Shelter.objects.visible_to(request.member), pk=pk)
    paid = Contract.objects.visible_to(request.member).filter(shelter=found, valid__upper_inf=True)
    kept = list(paid.values_list("funding", flat=True))
    form = ContractForm.of(read_lists(by=request.member), request.POST or None, kept=kept)
    if form.is_valid():
        answer = do_once(
            request,
            lambda: actions.set_contract(
                form.agreement(found), by=request.member, at=timezone.now()
            ),
            said=_("Saved. The shelter is told."),
            back=found.get_absolute_url(),
            form=form,
        )
        if answer is not None:
            return answer
    intro = _("What the same funder paid before ends the day before.")
    context = {"title": _("Contract capacity"), "intro": intro, "form": form, **_back_to(found)}
    return render(request, FORM_PAGE, context, status=422 if form.is_bound else 200)


@allowed(Permission.BED_MANAGE_OWN, Permission.PLACEMENT_RESERVE)
@require_http_methods(METHODS)
def move(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The shelter has another address: the old one is gone for good."""
    found = get_object_or_404(Shelter.objects.visible_to(request.member), pk=pk)
    form = AddressForm(request.POST or None)
    if form.is_valid():
        answer = do_once(
            request,
            lambda: actions.set_address(
                found, address=form.location(), by=request.member, at=timezone.now()
            ),
            said=_("The new address is sealed. The old one can no longer be read."),
            back=found.get_absolute_url(),
            form=form,
        )
        if answer is not None:
            return answer
    intro = _("Write the whole new address. The old one is wiped, and nobody can read it again.")
    context = {"title": _("Address has changed"), "intro": intro, "form": form, **_back_to(found)}
    return render(request, FORM_PAGE, context, status=422 if form.is_bound else 200)


@allowed(Permission.PLACEMENT_RESERVE)
@require_http_methods(METHODS)
def new(request: MemberRequest) -> HttpResponse:
    """A shelter joins: its type, its region, and its address, which is sealed at once."""
    form = NewShelterForm.of(read_lists(by=request.member), request.POST or None)
    if form.is_valid():

        def add() -> str:
            added = actions.add_shelter(
                form.shelter(), address=form.location(), by=request.member, at=timezone.now()
            )
            return added.get_absolute_url()

        said = _("The shelter is added. What it offers it says itself.")
        answer = do_once(request, add, said=said, form=form)
        if answer is not None:
            return answer
    context = {
        "title": _("New shelter"),
        "form": form,
        "cancel_url": reverse("shelters:board"),
        "crumbs": [(reverse("shelters:board"), _("Bed board"))],
    }
    return render(request, FORM_PAGE, context, status=422 if form.is_bound else 200)


def _back_to(shelter: Shelter) -> dict[str, object]:
    url = shelter.get_absolute_url()
    return {"cancel_url": url, "crumbs": [(url, shelter.code_name)], "submit_label": _("Save")}
