"""Public pages of the law of sharing, and the page on which its keepers change a rule."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed, open_to_public
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from referral.sharing.matrix import actions
from referral.sharing.matrix.forms import NewRuleForm, QuestionForm, RuleForm
from referral.sharing.matrix.models import LegalRule, Outcome
from referral.sharing.matrix.rules import Book, can_change, next_step
from referral.sharing.models import Purpose

changes = allowed(Permission.MATRIX_CHANGE)


@open_to_public
@never_cache
@require_safe
def may_i_share(request: HttpRequest) -> HttpResponse:
    """Four questions about no one in particular, and what the law says. Nothing is kept."""
    form = QuestionForm(request.GET or None)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        asked = form.cleaned_data
        ruling = Book.read().ruling(
            asked["who"], asked["aim"], recipient=asked["recipient"], age=asked["about"]
        )
        context |= {
            "ruling": ruling,
            "next_step": next_step(ruling),
            "registers": asked["aim"] == Purpose.REGISTRATION
            and ruling.outcome != Outcome.NOT_ALLOWED,
        }
    return render(request, "matrix/may_i_share.html", context, status=_status(form))


@open_to_public
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule in force, in the order in which they are asked."""
    changer = can_change(getattr(request, "member", None))
    context = {"rules": LegalRule.objects.in_force(), "can_change": changer}
    return render(request, "matrix/rules.html", context)


@changes
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: MemberRequest, code: str) -> HttpResponse:
    """One rule with its history, and its next version."""
    versions = list(LegalRule.objects.visible_to(request.member).of_code(code))
    if not versions:
        raise Http404
    newest = versions[0]
    form = RuleForm(request.POST or None, rule=newest)
    if request.method == "POST" and form.is_valid():
        said = {"reason": form.cleaned_data["reason"], "version": form.cleaned_data["version"]}

        def deed() -> object:
            if form.cleaned_data["ends"]:
                return actions.end_rule(code, **said, by=request.member, at=timezone.now())
            wish = form.wish()
            return actions.write_rule(code, wish, **said, by=request.member, at=timezone.now())

        done = do_once(
            request,
            deed,
            said=_("This holds from now on."),
            back=reverse("matrix:rules"),
            form=form,
        )
        if done is not None:
            return done
    return _rule_page(request, form, rule=newest, versions=versions)


@changes
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: MemberRequest) -> HttpResponse:
    """A rule that was not there."""
    form = NewRuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = do_once(
            request,
            lambda: actions.write_rule(
                form.cleaned_data["code"],
                form.wish(),
                reason=form.cleaned_data["reason"],
                by=request.member,
                at=timezone.now(),
            ),
            said=_("This holds from now on."),
            back=reverse("matrix:rules"),
            form=form,
        )
        if done is not None:
            return done
    return _rule_page(request, form)


def _rule_page(request: MemberRequest, form: RuleForm, **more: object) -> HttpResponse:
    """Every privacy officer reads it; the form is for who keeps the rules."""
    context = {"form": form, "can_change": can_change(request.member), **more}
    return render(request, "matrix/rule.html", context, status=_status(form))


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200
