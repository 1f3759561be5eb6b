"""The versions of the rules: a list, one version, and what the coordinator does with a draft."""

import time
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from signals.routing import actions
from signals.routing.forms import RulesForm
from signals.routing.models import DryRun, Rule, RuleSet
from signals.routing.views.words import Move, compared, lines_of, moves_of, totals_of

#: So long a page waits for a dry run; a worker goes on with what takes longer.
PATIENCE_SECONDS = 2.0


@allowed(Permission.ROUTING_READ)
@require_safe
def versions(request: MemberRequest) -> HttpResponse:
    """Every version of the rules, and by which one signals go now."""
    found = actions.list_versions(by=request.member, at=timezone.now())
    in_use = Rule.objects.visible_to(request.member).in_use().select_related("broken")
    context = {
        "versions": found,
        "in_use": next((one for one in found if one.status == "active"), None),
        "lines": lines_of(list(in_use)),
        "draft": next((one for one in found if one.is_draft), None),
        "may_manage": request.member.may(Permission.ROUTING_MANAGE),
        "may_see_watch": request.member.may(Permission.SIGNAL_TRIAGE),
    }
    return render(request, "routing/versions.html", context)


@allowed(Permission.ROUTING_READ)
@require_safe
def version(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One version: its rules in words, who made it, and from when until when it held."""
    found = get_object_or_404(RuleSet.objects.visible_to(request.member).with_names(), pk=pk)
    opened = actions.open_version(found, by=request.member, at=timezone.now())
    context = {
        "rule_set": found,
        "lines": lines_of(opened.rules),
        "opened": opened,
        "may_manage": request.member.may(Permission.ROUTING_MANAGE),
        "may_see_runs": request.member.may(Permission.SIGNAL_TRIAGE),
    }
    return render(request, "routing/version.html", context)


@allowed(Permission.ROUTING_MANAGE)
@require_POST
def begin(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Begin a new version as a copy of this one, old or in use."""
    like = get_object_or_404(RuleSet.objects.visible_to(request.member), pk=pk)
    return _begin(request, like, back=like.get_absolute_url())


@allowed(Permission.ROUTING_MANAGE)
@require_POST
def begin_first(request: MemberRequest) -> HttpResponse:
    """Begin the very first version, or one from nothing."""
    return _begin(request, None, back=reverse("signals:routing:versions"))


def _begin(request: MemberRequest, like: RuleSet | None, *, back: str) -> HttpResponse:
    def deed() -> str:
        draft = actions.begin_version(like=like, by=request.member, at=timezone.now())
        return reverse("signals:routing:edit", args=[draft.pk])

    # With a refusal one goes back; without one, to the new draft.
    if RuleSet.objects.visible_to(request.member).drafts().exists():
        return do_once(request, deed, back=back)
    return do_once(request, deed, said=_("You have begun a new version."))


@allowed(Permission.ROUTING_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The rules of a draft as rows; saving gives new empty rows."""
    found = get_object_or_404(RuleSet.objects.visible_to(request.member).drafts(), pk=pk)
    rules = list(Rule.objects.visible_to(request.member).in_order().filter(rule_set=found))
    form = RulesForm(request.POST or None, rules=rules)
    if request.method == "POST" and form.is_valid():
        done = do_once(
            request,
            lambda: actions.write_rules(found, form.wishes(), by=request.member, at=timezone.now()),
            said=_("The rules have been saved."),
            back=found.get_absolute_url(),
            form=form,
        )
        if done is not None:
            return done
    context = {"rule_set": found, "form": form, "last": len(rules)}
    return render(request, "routing/edit.html", context, status=422 if form.is_bound else 200)


@allowed(Permission.ROUTING_MANAGE)
@require_POST
def dry_run(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Count where the signals of a year would go: here when it is soon done, else in a worker."""
    found = get_object_or_404(RuleSet.objects.visible_to(request.member), pk=pk)

    def deed() -> DryRun:
        end = time.monotonic() + PATIENCE_SECONDS
        run = actions.order_dry_run(found, by=request.member, at=timezone.now())
        while run.under_way and time.monotonic() < end:
            run = actions.count_on(run, by=request.member)
        if run.under_way:
            actions.hand_to_worker(run)
        return run

    return do_once(request, deed, back=reverse("signals:routing:run", args=[found.pk]))


@allowed(Permission.SIGNAL_TRIAGE)
@require_safe
def run(request: MemberRequest, pk: UUID) -> HttpResponse:
    """What the newest dry run of a version found; htmx asks for the bar alone."""
    found = get_object_or_404(RuleSet.objects.visible_to(request.member), pk=pk)
    counted = actions.newest_run(found, by=request.member, at=timezone.now())
    moves: list[Move] = moves_of(counted) if counted else []
    context = {
        "rule_set": found,
        "run": counted,
        "moves": [move for move in moves if not move.stays],
        "totals": totals_of(moves),
        "is_current": counted is not None and counted.ordered_at >= found.changed_at,
        "may_manage": request.member.may(Permission.ROUTING_MANAGE),
    }
    only_the_bar = request.htmx and not request.htmx.history_restore_request
    template = "routing/_progress.html" if only_the_bar and counted else "routing/run.html"
    return render(request, template, context)


@allowed(Permission.ROUTING_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def activate(request: MemberRequest, pk: UUID) -> HttpResponse:
    """What changes, once more; then the draft is taken into use."""
    found = get_object_or_404(RuleSet.objects.visible_to(request.member).drafts(), pk=pk)
    if request.method == "POST":
        seen = _seen(request)
        return do_once(
            request,
            lambda: actions.activate_rules(found, seen=seen, by=request.member, at=timezone.now()),
            said=_("Version %s is in use from now on.") % found.version,
            back=found.get_absolute_url(),
        )
    opened = actions.open_version(found, by=request.member, at=timezone.now())
    now = list(Rule.objects.visible_to(request.member).in_use())
    moves = moves_of(opened.run) if opened.run and opened.run_is_of_this_draft else []
    context = {
        "rule_set": found,
        "opened": opened,
        "lines": compared(now, opened.rules),
        "in_use": now[0].rule_set if now else None,
        "moves": [move for move in moves if not move.stays],
    }
    return render(request, "routing/activate.html", context)


def _seen(request: MemberRequest) -> datetime | None:
    """When the draft was last changed as the page showed it; None when it is no moment."""
    try:
        return parse_datetime(request.POST.get("seen", ""))
    except ValueError:  # it looks like a moment, such as the 31st of February
        return None
