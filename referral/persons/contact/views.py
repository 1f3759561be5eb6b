"""How a person can be reached without danger."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from referral.persons.contact.actions import keep_contact_rule, open_contact_rules
from referral.persons.contact.forms import ContactForm
from referral.persons.contact.models import Channel
from referral.persons.contact.rules import can_keep
from referral.persons.models import Person


@allowed(Permission.PERSON_READ_GRANTED, Permission.PERSON_READ_ALL, Permission.EMERGENCY_OPEN)
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Every channel with what is known of it; who works with the person says what is safe."""
    member, now = request.member, timezone.now()
    person = get_object_or_404(Person.objects.visible_to(member), pk=pk)
    keeps = can_keep(member, person)
    if request.method == "POST" and not keeps:
        raise Http404
    form = ContactForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        done = do_once(
            request,
            lambda: keep_contact_rule(person, form.entry(), by=member, at=now),
            said=_("Kept. What stood here before is replaced, and stays on record."),
            back=reverse("contact:contact", args=[pk]),
            form=form,
        )
        if done is not None:
            return done
    known = {rule.entry.channel: rule for rule in open_contact_rules(person, by=member, at=now)}
    context = {
        "person": person,
        "channels": [(channel.label, known.get(channel.value)) for channel in Channel],
        "form": form if keeps else None,
    }
    status = 422 if form.is_bound else 200
    return render(request, "contact/contact.html", context, status=status)
