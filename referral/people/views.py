"""Pages of people: choosing a role, an organisation's members, the organisations."""

from typing import cast
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.middleware import choose_membership
from referral.access.models import ClientKey
from referral.access.requests import MemberRequest
from referral.organisations.models import Membership, Organisation, User
from referral.organisations.permissions import Permission
from referral.organisations.roles import OrganisationType, Role
from referral.people.actions import (
    add_client,
    add_client_key,
    add_member,
    add_organisation,
    end_client,
    end_client_key,
    end_membership,
)
from referral.people.forms import ClientForm, KeyForm, MemberForm, OrganisationForm
from referral.people.querysets import clients as all_clients
from referral.people.querysets import members_of, memberships_of


def choose_role(request: HttpRequest) -> HttpResponse:
    """Who holds more than one role chooses by which one to act; it stands in every audit line."""
    now = timezone.now()
    memberships = memberships_of(cast("User", request.user)).valid_at(now)
    if request.method == "POST":
        member = get_object_or_404(memberships, pk=request.POST.get("membership", ""))
        choose_membership(request, member, now)
        return redirect("home")
    return render(request, "people/choose_role.html", {"memberships": memberships})


@allowed(Permission.MEMBERS_MANAGE)
def members(request: MemberRequest) -> HttpResponse:
    """The members of one's own organisation, and a form for a new one."""
    organisation = request.member.organisation
    form = MemberForm(request.POST or None, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        full_name = form.cleaned_data["full_name"]
        done = do_once(
            request,
            lambda: add_member(
                organisation,
                full_name=full_name,
                email=form.cleaned_data["email"],
                role=Role(form.cleaned_data["role"]),
                by=request.member,
                at=timezone.now(),
            ),
            said=_("%(name)s is a member now. Ask them to set a password at “Forgot password”.")
            % {"name": full_name},
            back=reverse("people:members"),
            form=form,
        )
        if done is not None:
            return done
    return render(
        request,
        "people/members.html",
        {"form": form, "members": members_of(organisation), "now": timezone.now()},
    )


@require_POST
@allowed(Permission.MEMBERS_MANAGE)
def end(request: MemberRequest, pk: int) -> HttpResponse:
    """End a colleague's membership at once."""
    member = get_object_or_404(
        Membership.objects.filter(organisation=request.member.organisation), pk=pk
    )
    return do_once(
        request,
        lambda: end_membership(member, by=request.member, at=timezone.now()),
        said=_("The membership has ended."),
        back=reverse("people:members"),
    )


@allowed(Permission.ORGANISATIONS_MANAGE)
def organisations(request: MemberRequest) -> HttpResponse:
    """All partners of the chain, and a form for a new one."""
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        done = do_once(
            request,
            lambda: add_organisation(
                name=name,
                kind=OrganisationType(form.cleaned_data["type"]),
                by=request.member,
                at=timezone.now(),
            ),
            said=_("%(name)s has been added.") % {"name": name},
            back=reverse("people:organisations"),
            form=form,
        )
        if done is not None:
            return done
    return render(
        request,
        "people/organisations.html",
        {
            "form": form,
            "organisations": Organisation.objects.order_by("type", "name"),
            "demo": settings.DEMO,
        },
    )


@allowed(Permission.CLIENTS_MANAGE)
def clients(request: MemberRequest) -> HttpResponse:
    """The systems of partners, and a form for a new one."""
    form = ClientForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        done = do_once(
            request,
            lambda: reverse(
                "people:client",
                args=[
                    add_client(
                        answers["organisation"],
                        name=answers["name"],
                        role=Role(answers["role"]),
                        jwk=answers["jwk"],
                        key_until=form.key_until(),
                        by=request.member,
                        at=timezone.now(),
                    ).pk
                ],
            ),
            said=_("%(name)s has been added. Give the partner its number.")
            % {"name": answers["name"]},
            form=form,
        )
        if done is not None:
            return done
    return render(
        request,
        "people/clients.html",
        {"form": form, "clients": all_clients()},
        status=422 if form.errors else 200,
    )


@allowed(Permission.CLIENTS_MANAGE)
def client(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One system: its number, its keys, and a form for the next key."""
    found = get_object_or_404(all_clients(), pk=pk)
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = do_once(
            request,
            lambda: add_client_key(
                found,
                jwk=form.cleaned_data["jwk"],
                until=form.key_until(),
                by=request.member,
                at=timezone.now(),
            ),
            said=_("The key has been added."),
            back=reverse("people:client", args=[pk]),
            form=form,
        )
        if done is not None:
            return done
    return render(
        request,
        "people/client.html",
        {
            "client": found,
            "form": form,
            "now": timezone.now(),
            "token_address": f"{settings.SITE_URL}/v1/token",
        },
        status=422 if form.errors else 200,
    )


@require_POST
@allowed(Permission.CLIENTS_MANAGE)
def end_system(request: MemberRequest, pk: UUID) -> HttpResponse:
    """End the access of a partner's system at once."""
    found = get_object_or_404(all_clients(), pk=pk)
    return do_once(
        request,
        lambda: end_client(found, by=request.member, at=timezone.now()),
        said=_("%(name)s has no access any more.") % {"name": found.name},
        back=reverse("people:client", args=[pk]),
    )


@require_POST
@allowed(Permission.CLIENTS_MANAGE)
def end_key(request: MemberRequest, pk: UUID, key: int) -> HttpResponse:
    """End one key at once, with the tokens it got."""
    found = get_object_or_404(ClientKey, client=pk, pk=key)
    return do_once(
        request,
        lambda: end_client_key(found, by=request.member, at=timezone.now()),
        said=_("The key has ended."),
        back=reverse("people:client", args=[pk]),
    )
