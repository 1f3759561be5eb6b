"""The page on which the platform administrator keeps the address of a partner's system."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.models import ApiClient
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from referral.people.querysets import clients
from signals.webhooks import actions
from signals.webhooks.forms import EndpointForm
from signals.webhooks.models import Endpoint, EndpointSecret, Push

#: How many of the last messages the page shows.
SHOWN = 20


@allowed(Permission.CLIENTS_MANAGE)
def endpoint(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Where this system listens, how it goes, and a form to change it."""
    client = get_object_or_404(clients(), pk=pk)
    found = Endpoint.objects.visible_to(request.member).filter(client=client).first()
    known = {"address": found.address, "events": found.events} if found else None
    form = EndpointForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        made: list[str] = []
        done = do_once(
            request,
            lambda: (
                _change(request, found, form) if found else made.append(_add(request, client, form))
            ),
            said=_("The address has been kept."),
            back=reverse("webhooks:endpoint", args=[pk]),
            form=form,
        )
        if done is not None:
            return _shown_once(request, client, made, done)
    sees = request.member
    return render(
        request,
        "webhooks/endpoint.html",
        {
            "client": client,
            "endpoint": found,
            "form": form,
            "secrets": EndpointSecret.objects.visible_to(sees)
            .filter(endpoint=found)
            .held_at(timezone.now()),
            "pushes": Push.objects.visible_to(sees).filter(endpoint=found).latest_first()[:SHOWN],
        },
        status=422 if form.errors else 200,
    )


@require_POST
@allowed(Permission.CLIENTS_MANAGE)
def secret(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A new secret, shown on this answer and never again."""
    found = _endpoint(request, pk)
    made: list[str] = []
    done = do_once(
        request,
        lambda: made.append(actions.rotate_secret(found, by=request.member, at=timezone.now())),
        back=reverse("webhooks:endpoint", args=[pk]),
    )
    return _shown_once(request, found.client, made, done)


@require_POST
@allowed(Permission.CLIENTS_MANAGE)
def test(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Send a message that is about nothing."""
    found = _endpoint(request, pk)
    return do_once(
        request,
        lambda: actions.send_test(found, by=request.member, at=timezone.now()),
        said=_("A test is on its way. Open this page again in a few seconds to see the answer."),
        back=reverse("webhooks:endpoint", args=[pk]),
    )


@require_POST
@allowed(Permission.CLIENTS_MANAGE)
def stop(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Send nothing any more."""
    found = _endpoint(request, pk)
    return do_once(
        request,
        lambda: actions.stop_endpoint(found, by=request.member, at=timezone.now()),
        said=_("Nothing is sent to this address any more."),
        back=reverse("webhooks:endpoint", args=[pk]),
    )


@require_POST
@allowed(Permission.CLIENTS_MANAGE)
def resume(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Send again."""
    found = _endpoint(request, pk)
    return do_once(
        request,
        lambda: actions.resume_endpoint(found, by=request.member, at=timezone.now()),
        said=_("Messages are sent to this address again."),
        back=reverse("webhooks:endpoint", args=[pk]),
    )


def _endpoint(request: MemberRequest, pk: UUID) -> Endpoint:
    there = Endpoint.objects.visible_to(request.member).select_related("client")
    return get_object_or_404(there, client=pk)


def _add(request: MemberRequest, client: ApiClient, form: EndpointForm) -> str:
    return actions.add_endpoint(
        client,
        address=form.cleaned_data["address"],
        events=form.cleaned_data["events"],
        by=request.member,
        at=timezone.now(),
    )


def _change(request: MemberRequest, found: Endpoint, form: EndpointForm) -> None:
    actions.change_endpoint(
        found,
        address=form.cleaned_data["address"],
        events=form.cleaned_data["events"],
        by=request.member,
        at=timezone.now(),
    )


def _shown_once(
    request: MemberRequest, client: ApiClient, made: list[str], done: HttpResponse
) -> HttpResponse:
    """The new secret on the answer itself, so that it stands in no cookie, session or log.

    Sent again, the form makes none and only leads back to the page.
    """
    if not made:
        return done
    return render(request, "webhooks/secret.html", {"client": client, "secret": made[0]})
