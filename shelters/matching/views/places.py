"""Asking for a place, places with reasons, and the proposal for everybody who waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.cases.models import Case
from referral.cases.rules import reach_of
from referral.cases.workflow import CaseStatus
from referral.geography.models import SafetyRegion
from referral.lib import countries
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.sharing.models import Purpose
from referral.sharing.rules import Sharing, SharingRefused
from shelters.lists.models import ListName
from shelters.lists.rules import read_lists
from shelters.matching import actions
from shelters.matching.forms import AskForm, ReasonForm, RuleForm
from shelters.matching.models import (
    EligibilityRule,
    MatchLine,
    MatchProposal,
    NeedProfile,
    Override,
    OverrideReason,
)
from shelters.matching.querysets import overrides_told
from shelters.matching.rules import Match, Reason, Side
from shelters.matching.rules.questions import from_rows
from shelters.matching.rules.words import Said, said
from shelters.matching.workflow import ProposalStatus
from shelters.models import Bed, BedKind, Placement, PlacementRequest
from shelters.rules import can_move_request, national_desk
from shelters.workflow import PlacementStatus, RequestStatus

asks = require_http_methods(["GET", "HEAD", "POST"])


@allowed(Permission.SHELTER_REQUEST)
@asks
def request_shelter(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask a place for the person of a case."""
    case = get_object_or_404(
        Case.objects.visible_to(request.member).select_related("person"), pk=pk
    )
    if not reach_of(case, request.member).works or case.status != CaseStatus.ACTIVE:
        raise Http404
    begin = {"sex": case.person.sex, "age_group": case.person.age_group}
    form = AskForm(request.POST if request.method == "POST" else None, initial=begin)
    back = case.part_url("shelter")
    if request.method == "POST" and form.is_valid():
        asked = form.asked_for(case)
        done = do_once(
            request,
            lambda: actions.ask_place(asked, by=request.member, at=timezone.now()),
            said=_("Shelter is asked for. The placement desk looks for a place."),
            back=back,
            form=form,
        )
        if done is not None:
            return done
    here = Placement.objects.visible_to(request.member).filter(case=case).select_related("shelter")
    context = {
        "case": case,
        "form": form,
        "back": back,
        "lacking": _lacking(case, request.member),
        "stays": here.filter(status=PlacementStatus.ARRIVED).first(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "matching/request_shelter.html", context, status=status)


def _lacking(case: Case, member: Membership) -> str:
    """Why asking would be refused now, so that nobody answers fifteen questions to hear it."""
    sharing = Sharing.read([case.person_id], purpose=Purpose.PLACEMENT, by=member)
    try:
        sharing.check(case.person, recipient=national_desk(), at=timezone.now())
    except SharingRefused as refused:
        return str(refused)
    return ""


@dataclass(frozen=True, slots=True)
class Reasons:
    """What speaks for and against, in words; `hard` when something must not be passed lightly."""

    hard: bool
    against: list[Said]
    favour: list[Said]

    @classmethod
    def of(cls, reasons: Iterable[Reason]) -> Reasons:
        reasons = list(reasons)
        against = [said(one) for one in reasons if one.side is not Side.FOR]
        favour = [said(one) for one in reasons if one.side is Side.FOR]
        return cls(any(one.side is Side.HARD for one in reasons), against, favour)


@dataclass(frozen=True, slots=True)
class Found:
    """A place as the page shows it."""

    match: Match
    reasons: Reasons
    region: str
    type_label: str
    #: Why this house said no to this request before; empty when it did not.
    refused: str = ""

    @property
    def place_url(self) -> str:
        return reverse("shelters:shelter", args=[self.match.place.house])

    @property
    def kind_label(self) -> str:
        return str(BedKind(self.match.place.kind).label)

    @property
    def can_reserve(self) -> bool:
        return not self.match.place.free_from


def request_part(
    asked: PlacementRequest, member: Membership, at: datetime
) -> tuple[str, Mapping[str, object]]:
    """For the page of a request: what is asked besides, and for the desk places with reasons."""
    profile = NeedProfile.objects.visible_to(member).filter(request=asked).first()
    overrides = Override.objects.visible_to(member).filter(placement__request=asked)
    context: dict[str, object] = {
        "profile_facts": _profile_facts(profile) if profile else [],
        "overrides": [(one, [said(Reason(Side.AGAINST, code)) for code in _short(one)])
                      for one in overrides],
    }  # fmt: skip
    if can_move_request(member, asked, RequestStatus.OFFERED):
        found = actions.suggest_places(asked, by=member, at=at)
        places = _places(asked, found.matches, member)
        context |= {
            "suggests": True,
            "found": [one for one in places if not one.reasons.hard],
            "misfits": [one for one in places if one.reasons.hard],
            "stays": _place_now(asked, member),
            "fitting": found.fitting,
            "obstacles": [(said(Reason(Side.HARD, code)).words, n) for code, n in found.obstacles],
            "reason_field": ReasonForm()["reason"],
        }
    return "matching/_request_part.html", context


def _places(asked: PlacementRequest, matches: Iterable[Match], member: Membership) -> list[Found]:
    regions = dict(SafetyRegion.objects.values_list("code", "name"))
    types = read_lists(by=member).words(ListName.TYPE)
    refused = {
        str(one.shelter_id): one.get_refusal_reason_display()
        for one in asked.placements.visible_to(member).filter(status=PlacementStatus.REFUSED)
    }
    return [
        Found(
            one,
            Reasons.of(one.reasons),
            regions[one.place.region],
            types[one.place.type],
            refused.get(one.place.house, ""),
        )
        for one in matches
    ]


def _place_now(asked: PlacementRequest, member: Membership) -> Placement | None:
    """Where the person has a bed already: only one at a time is given."""
    theirs = Placement.objects.visible_to(member).open().filter(person=asked.person_id)
    return theirs.with_names().first()


def _short(override: Override) -> list[str]:
    """Those whose words need no more than their code."""
    whole = ("no_expertise", "free_later")
    return [code for code in override.warnings if code not in whole]


def why_here(placements: Iterable[Placement]) -> dict[UUID, str]:
    """For the shelter too: why its place was chosen in spite of a warning."""
    told = overrides_told(placements)
    return {
        placement: _with_warnings(
            str(OverrideReason(reason).label),
            [said(Reason(Side.AGAINST, code)).words for code in warnings],
        )
        for placement, (reason, warnings) in told.items()
    }


def _with_warnings(reason: str, warnings: Sequence[str]) -> str:
    return f"{reason} ({', '.join(warnings)})" if warnings else reason


def _profile_facts(profile: NeedProfile) -> list[tuple[str, str]]:
    regions = SafetyRegion.objects.filter(pk__in=profile.avoid_regions).order_by("name")
    languages = countries.languages("nl")
    facts = [
        (_("Nationality"), profile.get_nationality_display()),
        (_("Residence"), profile.get_stay_display()),
        (_("Victim of labour exploitation?"), profile.get_labour_display()),
        (_("Children"), str(profile.children) if profile.children else ""),
        (_("Pet"), _("Yes") if profile.pets else ""),
        (_("Speaks best"), languages.get(profile.language, "")),
        (_("Nor in these regions"), ", ".join(region.name for region in regions)),
        (_("Not in one house with"), _people(len(profile.apart))),
    ]
    return [(label, value) for label, value in facts if value]


def _people(number: int) -> str:
    return _("Persons to be kept apart from: %d") % number if number else ""


@allowed(Permission.PLACEMENT_RESERVE)
@require_POST
def reserve(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Keep a bed for this request; of two who want it exactly one gets it."""
    asked = get_object_or_404(PlacementRequest.objects.visible_to(request.member), pk=pk)
    beds = Bed.objects.visible_to(request.member).in_use()
    try:
        bed = get_object_or_404(beds, pk=request.POST.get("bed", ""))
    except (ValidationError, ValueError) as error:
        raise Http404 from error
    reason = request.POST.get("reason", "")
    return do_once(
        request,
        lambda: actions.reserve_place(
            asked, bed=bed, reason=reason, by=request.member, at=timezone.now()
        ),
        said=_("The bed is reserved. The shelter is asked to answer in time."),
        back=asked.get_absolute_url(),
    )


def above_requests(member: Membership) -> tuple[str, Mapping[str, object]]:
    """Above the list of who waits: ask a proposal for all, and the last one."""
    last = MatchProposal.objects.visible_to(member).newest_first().first()
    return "matching/_above.html", {"last": last}


@allowed(Permission.PLACEMENT_RESERVE)
@require_POST
def propose(request: MemberRequest) -> HttpResponse:
    """Let a worker look for everybody at once."""
    form = Form(request.POST)
    form.full_clean()
    done = do_once(
        request,
        lambda: actions.propose_places(by=request.member, at=timezone.now()).get_absolute_url(),
        form=form,
    )
    if done is not None:
        return done
    messages.error(request, " ".join(map(str, form.non_field_errors())))
    return redirect("shelters:requests")


@allowed(Permission.PLACEMENT_RESERVE)
@require_safe
def proposal(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The proposal line by line; while it is computed, how far it is."""
    member = request.member
    found = get_object_or_404(MatchProposal.objects.visible_to(member).defer("question"), pk=pk)
    computing = found.status == ProposalStatus.COMPUTING
    if computing and request.htmx:
        return render(request, "matching/_progress.html", {"proposal": found})
    found, lines = actions.open_proposal(found, by=member, at=timezone.now())
    types = read_lists(by=member).words(ListName.TYPE)
    context = {
        "proposal": found,
        "computing": computing,
        "lines": [
            (line, _line_reasons(line), types[line.bed.shelter.type] if line.bed else "")
            for line in lines
        ],
        "placed": sum(line.bed_id is not None for line in lines),
        "reason_field": ReasonForm()["reason"],
    }
    return render(request, "matching/proposal.html", context)


def _line_reasons(line: MatchLine) -> Reasons:
    reasons = from_rows(line.reasons)
    if line.bed_id is None:  # the detail is a number of places there
        words = [(said(Reason(one.side, one.code)), one.detail) for one in reasons]
        said_of = [
            Said(_("%(reason)s (%(number)s places)") % {"reason": of.words, "number": number})
            if number
            else of
            for of, number in words
        ]
        return Reasons(hard=False, against=said_of, favour=[])
    return Reasons.of(reasons)


@allowed(Permission.PLACEMENT_RESERVE)
@require_POST
def decide(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Follow a line, which reserves its bed, or leave it."""
    line = get_object_or_404(MatchLine.objects.visible_to(request.member).with_names(), pk=pk)
    follow = request.POST.get("answer") == "follow"
    reason = request.POST.get("reason", "")
    return do_once(
        request,
        lambda: actions.decide_line(
            line, follow=follow, reason=reason, by=request.member, at=timezone.now()
        ),
        said=_("The bed is reserved. The shelter is asked to answer in time.")
        if follow
        else _("This line is left. The request keeps waiting."),
        back=f"{reverse('shelters:matching:proposal', args=[line.proposal_id])}#line-{line.number}",
    )


@allowed(Permission.PLACEMENT_RESERVE)
@asks
def rules(request: MemberRequest) -> HttpResponse:
    """What each type of shelter asks, since when, and which text says so."""
    found = list(EligibilityRule.objects.visible_to(request.member).by_type())
    lists = read_lists(by=request.member)
    standing = [rule.shelter_type for rule in found if rule.valid.upper is None]
    form = RuleForm.of(lists, request.POST or None, kept=standing)
    if request.method == "POST" and form.is_valid():
        new = form.new_rule()
        done = do_once(
            request,
            lambda: actions.set_rule(new, by=request.member, at=timezone.now()),
            said=_("Written down. It holds from that day."),
            back=reverse("shelters:matching:rules"),
            form=form,
        )
        if done is not None:
            return done
    types = lists.words(ListName.TYPE)
    context = {"form": form, "rules": [(rule, types[rule.shelter_type]) for rule in found]}
    return render(request, "matching/rules.html", context, status=422 if form.is_bound else 200)
