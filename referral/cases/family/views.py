"""The family in the case file, and the page on which somebody is linked."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.cases.family import actions
from referral.cases.family.forms import LinkForm
from referral.cases.family.models import FamilyLink
from referral.cases.family.rules import NewLink
from referral.cases.models import Case
from referral.cases.views.paper import Paper
from referral.cases.views.parts import Part, Reading
from referral.organisations.permissions import Permission


def part(reading: Reading) -> Part | None:
    """In the case file, folded: who belongs to the person."""
    if not reading.reach.reads_all or not reading.member.may(Permission.CARE_NOTE_READ):
        return None

    def listed() -> list[actions.Relative]:
        return actions.list_family(reading.case, by=reading.member, at=reading.at)

    return Part(
        "family",
        _("Family"),
        "family/_part.html",
        fetch=lambda: {"relatives": listed(), "works": reading.works},
        paper=lambda: Paper([_on_paper(one) for one in listed()]),
    )


def _on_paper(one: actions.Relative) -> tuple[str, str]:
    """By reference, never by name: as on the page."""
    if one.person is None:
        who = [one.link.get_sex_display(), one.link.get_age_group_display(), _("no registration")]
        return one.relation, ", ".join(who)
    reference = one.case.reference if one.case else one.person.reference
    who = [reference, one.person.get_sex_display(), one.person.get_age_group_display()]
    return one.relation, ", ".join(who)


@allowed(Permission.CARE_NOTE_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Link somebody to the person of a case on which one works."""
    case = get_object_or_404(Case.objects.visible_to(request.member), pk=pk)
    form = LinkForm(request.POST or None)
    back = f"{case.get_absolute_url()}?open=family#family"
    if request.method == "POST" and form.is_valid():
        answer = do_once(
            request,
            lambda: actions.link_relative(
                NewLink(case=case, **form.cleaned_data), by=request.member, at=timezone.now()
            ),
            said=_("They are linked."),
            back=back,
            form=form,
        )
        if answer is not None:
            return answer
    context = {
        "case": case,
        "form": form,
        "title": _("Link somebody to %s") % case,
        "submit_label": _("Link"),
        "cancel_url": back,
        "consequences": [
            _("Only who may see both this case and the other person sees that they are linked."),
            _("Of a child without a registration nothing is kept but age group and sex."),
        ],
    }
    return render(request, "cases/deed.html", context, status=422 if form.is_bound else 200)


@allowed(Permission.CARE_NOTE_WRITE)
@require_POST
def end(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take a link away."""
    seen = FamilyLink.objects.visible_to(request.member).select_related("case")
    found = get_object_or_404(seen, pk=pk)
    return do_once(
        request,
        lambda: actions.end_link(found, by=request.member, at=timezone.now()),
        said=_("The link is taken away."),
        back=f"{found.case.get_absolute_url()}?open=family#family",
    )
