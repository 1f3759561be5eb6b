"""The page on which the national desk links a registration to an earlier one, and undoes it."""

from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.registrations.duplicates import actions
from referral.registrations.duplicates.forms import LinkForm
from referral.registrations.duplicates.models import DuplicateLink
from referral.registrations.duplicates.rules import can_link, can_undo
from referral.registrations.models import Registration
from referral.registrations.views import Part

desk = allowed(Permission.REGISTRATION_COMPLETE)


@desk
@require_http_methods(["GET", "HEAD", "POST"])
def links(request: MemberRequest, pk: UUID) -> HttpResponse:
    """What it is linked to; and where that is nothing, which earlier ones it may be."""
    member, now = request.member, timezone.now()
    visible = Registration.objects.visible_to(member).with_names()
    registration = get_object_or_404(visible.select_related("person__key"), pk=pk)
    if not can_link(member, registration):
        raise Http404
    opened = actions.open_links(registration, by=member, at=now)
    standing = next((one for one in opened if can_undo(member, one.link)), None)
    form = None
    if standing is None:
        suggestions = actions.suggest_earlier(registration, by=member, at=now)
        form = LinkForm(request.POST or None, suggestions=suggestions, member=member)
        if form.is_valid():
            answers = form.cleaned_data
            done = do_once(
                request,
                lambda: actions.link_registration(
                    registration,
                    answers["chosen"],
                    reason=answers["reason"],
                    by=member,
                    at=timezone.now(),
                ),
                said=_("Linked. Both are counted as reports about one person."),
                back=registration.get_absolute_url(),
                form=form,
            )
            if done is not None:
                return done
    context = {"registration": registration, "opened": opened, "standing": standing, "form": form}
    status = 422 if form is not None and form.errors else 200
    return render(request, "duplicates/links.html", context, status=status)


@desk
@require_POST
def undo(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Undo a link: they are counted as two persons again."""
    link = get_object_or_404(DuplicateLink.objects.visible_to(request.member), pk=pk)
    return do_once(
        request,
        lambda: actions.undo_link(link, by=request.member, at=timezone.now()),
        said=_("Not linked any more. They are counted as two persons again."),
        back=link.get_absolute_url(),
    )


def link_part(registration: Registration, member: Membership, at: datetime) -> Part | None:  # noqa: ARG001
    """On the page of a registration, at the desk: with which others it is counted."""
    if not can_link(member, registration):
        return None
    standing = DuplicateLink.objects.visible_to(member).standing().with_names()
    data = {
        "registration": registration,
        "earlier": standing.of(registration).first(),
        "later": list(standing.to(registration)),
    }
    return Part("duplicates/_part.html", data)
