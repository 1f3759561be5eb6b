"""The pages of referrals: asking a team for help, its inbox, and what happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.forms import typed_in
from referral.access.requests import MemberRequest
from referral.cases.models import Case, Need, Priority
from referral.cases.referrals import actions
from referral.cases.referrals.forms import CompleteForm, DeclineReferralForm, ReferralForm
from referral.cases.referrals.models import Referral, ReferralPackage, ReferralSection
from referral.cases.referrals.rules import can_move_referral, can_print
from referral.cases.referrals.workflow import OPEN, ReferralStatus
from referral.cases.views.paper import Block, Paper, in_days
from referral.cases.views.parts import Entry, Part, Reading
from referral.cases.views.working import while_worked_on
from referral.lib.ids import uuid7
from referral.lib.pdf import pdf_of_html
from referral.lib.refusals import Refused
from referral.organisations.permissions import Permission
from referral.persons.models import AgeGroup
from referral.persons.rules import IdentityFacts
from referral.registrations.templatetags.registered import born, nationalities
from referral.sharing.models import Purpose

LINES_ON_A_PAGE = 50
GET_AND_POST = ["GET", "HEAD", "POST"]
STYLE = Path(settings.BASE_DIR, "templates", "components", "paper.css")
BOTH_SIDES = (Permission.REFERRAL_SEND, Permission.REFERRAL_RECEIVE)


def part(reading: Reading) -> Part | None:
    """In the case file: who was asked for help, and what became of it."""
    if not reading.reach.reads_all or not reading.member.may(Permission.REFERRAL_SEND):
        return None

    def listed() -> list[Referral]:
        found = Referral.objects.visible_to(reading.member).filter(case=reading.case)
        newest = found.with_names().order_by("-offered_at", "pk")
        return actions.list_referrals(newest, by=reading.member, at=reading.at)

    return Part(
        "referrals",
        _("Referrals"),
        "referrals/_part.html",
        fetch=lambda: {"referrals": listed(), "can_offer": reading.works},
        paper=lambda: Paper(blocks=[_on_paper(referral) for referral in listed()]),
    )


def _on_paper(referral: Referral) -> Block:
    """Whom, for what, and what became of it; what went along is in the sealed package alone."""
    return Block(
        f"{referral.to_organisation.name}: {referral.get_status_display()}",
        more=[
            ", ".join(referral.need_labels),
            *(
                f"{in_days(entry.at)}: {' · '.join(filter(None, [entry.label, entry.text]))}"
                for entry in reversed(_trail(referral))
            ),
        ],
    )


@allowed(Permission.REFERRAL_SEND)
@require_http_methods(GET_AND_POST)
@while_worked_on
def offer(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask a team elsewhere for help."""
    case = get_object_or_404(Case.objects.visible_to(request.member), pk=pk)
    form = ReferralForm.of(case, request.member, typed_in(request))
    if request.method == "POST" and form.is_valid():
        answer = do_once(
            request,
            lambda: actions.offer_referral(
                form.request_for(case), by=request.member, at=timezone.now()
            ),
            said=_("The organisation is asked. You hear of every step."),
            back=case.part_url("referrals"),
            form=form,
        )
        if answer is not None:
            return answer
    context = {
        "case": case,
        "form": form,
        "title": _("Refer case %s") % case,
        "submit_label": _("Ask for help"),
        "cancel_url": case.get_absolute_url(),
        "consequences": [
            _("Before accepting, the receiver sees urgency, help asked, region and age group."),
            _("It needs a consent that names this organisation or its kind."),
        ],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "cases/deed.html", context, status=status)


@allowed(*BOTH_SIDES)
@require_safe
def list_referrals(request: MemberRequest) -> HttpResponse:
    """The inbox of a team, or what a coordinator's organisation sent: under way first."""
    found = Referral.objects.visible_to(request.member).with_names().open_first()
    page = Paginator(found, LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    referrals = actions.list_referrals(page.object_list, by=request.member, at=timezone.now())
    context = {
        "page": page,
        "referrals": referrals,
        "receives": request.member.may(Permission.REFERRAL_RECEIVE),
        "open": OPEN,
    }
    return render(request, "referrals/list.html", context)


@allowed(*BOTH_SIDES)
@require_safe
def referral(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The envelope and what happened; the package only for who may read it now."""
    member, at = request.member, timezone.now()
    found = actions.open_referral(_found(request, pk), by=member, at=at)
    package = None
    if ReferralPackage.objects.visible_to(member).filter(pk=found.pk).exists():
        package = actions.open_referral_package(found, by=member, at=at)
    may = {to: can_move_referral(member, found, to) for to in ReferralStatus}
    inside = found.from_organisation_id == member.organisation_id
    context = {
        "referral": found,
        "case": Case.objects.visible_to(member).filter(pk=found.case_id).first()
        if inside
        else None,
        "package": _in_words(package) if package else None,
        "entries": _trail(found),
        "can": {to.value: may[to] for to in ReferralStatus},
        "inside": inside,
        "helping": found.status in OPEN,
        "prints": can_print(member, found),
    }
    return render(request, "referrals/referral.html", context)


@allowed(Permission.REFERRAL_RECEIVE)
@require_POST
def print_package(request: MemberRequest, pk: UUID) -> HttpResponse:
    """What goes along as PDF, for the team that helps. Asked again, it is printed again."""
    found, member, at = _found(request, pk), request.member, timezone.now()
    try:
        package = actions.print_referral_package(found, by=member, at=at)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(found)
    context = {
        "referral": found,
        "purpose": found.get_purpose_display(),
        "reader": member,
        "printed_at": timezone.localtime(at),
        "sections": _in_words(package),
        "language": get_language(),
    }
    html = render_to_string("referrals/package_pdf.html", context)
    content = pdf_of_html(html, style=STYLE.read_text(), identifier=str(uuid7()))
    name = f"{found}-{timezone.localtime(at):%Y-%m-%d-%H%M}.pdf"
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


@allowed(Permission.REFERRAL_RECEIVE)
@require_POST
def accept(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take it up, for the team."""
    said = _("You have accepted the referral. Now make the first contact.")
    return _deed(request, pk, actions.accept_referral, said)


@allowed(Permission.REFERRAL_RECEIVE)
@require_POST
def contact(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The first contact was made."""
    return _deed(request, pk, actions.record_contact, _("Noted. The sender has been told."))


@allowed(Permission.REFERRAL_SEND)
@require_POST
def withdraw(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take it back."""
    said = _("The referral is withdrawn. The receiver cannot read it any more.")
    return _deed(request, pk, actions.withdraw_referral, said)


@allowed(Permission.REFERRAL_RECEIVE)
@require_http_methods(GET_AND_POST)
def decline(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Say no, with a reason."""
    found = _found(request, pk)
    form = DeclineReferralForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = do_once(
            request,
            lambda: actions.decline_referral(
                found, **form.cleaned_data, by=request.member, at=timezone.now()
            ),
            said=_("You have declined the referral. The sender has been told."),
            back=reverse("cases:referrals:list"),
            form=form,
        )
        if answer is not None:
            return answer
    return _form_page(request, found, form, title=_("Decline the referral"), label=_("Decline"))


@allowed(Permission.REFERRAL_RECEIVE)
@require_http_methods(GET_AND_POST)
def complete(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Say what became of it; the task ends."""
    found = _found(request, pk)
    form = CompleteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = do_once(
            request,
            lambda: actions.complete_referral(
                found, **form.cleaned_data, by=request.member, at=timezone.now()
            ),
            said=_("Thank you. The sender has been told, and the data are closed."),
            back=found.get_absolute_url(),
            form=form,
        )
        if answer is not None:
            return answer
    return _form_page(request, found, form, title=_("The help is done"), label=_("End the help"))


def _found(request: MemberRequest, pk: UUID) -> Referral:
    return get_object_or_404(Referral.objects.visible_to(request.member), pk=pk)


def _deed(
    request: MemberRequest, pk: UUID, deed: Callable[..., Referral], said: str
) -> HttpResponse:
    found = _found(request, pk)
    return do_once(
        request,
        lambda: deed(found, by=request.member, at=timezone.now()),
        said=said,
        back=found.get_absolute_url(),
    )


def _form_page(
    request: MemberRequest,
    found: Referral,
    form: DeclineReferralForm | CompleteForm,
    *,
    title: str,
    label: str,
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "submit_label": label,
        "cancel_url": found.get_absolute_url(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "components/form_page.html", context, status=status)


def _trail(referral: Referral) -> list[Entry]:
    """What happened, newest first: the same for both sides."""
    to, sender = referral.to_organisation, referral.from_organisation
    entries = [Entry(referral.offered_at, _("Asked to help: %s") % to, by=str(sender))]
    if referral.answered_at and referral.answered_by:
        declined = referral.status == ReferralStatus.DECLINED
        label = _("Declined") if declined else _("Accepted by %s") % referral.answered_by
        why = referral.get_decline_reason_display()
        entries.append(Entry(referral.answered_at, label, by=str(to), text=why))
    if referral.contacted_at and referral.contacted_by:
        label = _("First contact made")
        entries.append(Entry(referral.contacted_at, label, by=str(referral.contacted_by)))
    if referral.ended_at:
        label = str(referral.get_status_display())
        entries.append(Entry(referral.ended_at, label, text=referral.get_result_display()))
    return entries[::-1]


@dataclass(frozen=True, slots=True)
class Shown:
    """A section of the package, as it is read."""

    title: str
    facts: list[tuple[str, str]]
    text: str = ""


def _in_words(package: Mapping[str, Any]) -> list[Shown]:
    sections: Mapping[str, Any] = package["sections"]
    shown = [(one, sections[one.value]) for one in ReferralSection if one.value in sections]
    return [_section(section, content) for section, content in shown]


def _section(section: ReferralSection, content: Any) -> Shown:
    """From what was sealed alone; a value that this page does not know is not shown."""
    title = str(section.label)
    if section == ReferralSection.MESSAGE:
        return Shown(_("What the receiver must know"), [], content["text"])
    if section == ReferralSection.CONSENTS:
        until = [(str(Purpose(one["purpose"]).label), one["until"][:10]) for one in content]
        return Shown(title, [(label, _("until %s") % day) for label, day in until])
    if section == ReferralSection.CONTACT:
        return Shown(title, [(_("Telephone"), content["phone"])])
    if section == ReferralSection.DOCUMENTS:
        moment = localtime(datetime.fromisoformat(content["until"]))
        return Shown(title, [(_("Added until"), date_format(moment, "DATETIME_FORMAT"))])
    if section == ReferralSection.SITUATION:
        age = content["age_group"]
        return Shown(
            title,
            [
                (_("Priority"), str(Priority(content["priority"]).label)),
                (_("Needs"), ", ".join(str(Need(need).label) for need in content["needs"])),
                (_("Age group"), str(AgeGroup(age).label) if age else ""),
                (_("Care region"), content["care_region"]),
            ],
        )
    facts = IdentityFacts.from_payload(content)
    known = [
        (_("Name"), facts.full_name),
        (_("Birth date"), born(facts)),
        (_("Nationalities"), nationalities(facts)),
        (_("V-number"), facts.v_number),
        (_("BSN"), facts.bsn),
    ]
    return Shown(title, [(label, value) for label, value in known if value])
