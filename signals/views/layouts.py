"""The coordinator's pages of mappings: bring one, see what it understood, keep it, end it."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from signals import actions
from signals.forms import KeepForm, TryForm, understood
from signals.models import LayoutMapping
from signals.views.tried import tried_rows

TRIED = "signals/mapping_tried.html"


@allowed(Permission.SIGNAL_IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def mappings(request: MemberRequest) -> HttpResponse:
    """Every version of every mapping; a new one is tried first, on an example, and not stored."""
    form = TryForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and form.layout is not None:
        drafts = [row.draft for row in form.rows if row.draft is not None]
        reasons = actions.try_mapping(
            drafts, code=form.layout.code, by=request.member, at=timezone.now()
        )
        context = {
            "layout": form.layout,
            "understood": understood(form.layout),
            "rows": tried_rows(form.rows, reasons),
            "form": KeepForm(initial={"content": form.content}),
        }
        return render(request, TRIED, context)
    found = LayoutMapping.objects.visible_to(request.member).newest_first()
    context = {"form": form, "mappings": found, "now": timezone.now()}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "signals/mappings.html", context, status=status)


@allowed(Permission.SIGNAL_IMPORT)
@require_POST
def keep_mapping(request: MemberRequest) -> HttpResponse:
    """Keep what was looked at as the next version of its layout."""
    form = KeepForm(request.POST)
    if form.is_valid():
        done = do_once(
            request,
            lambda: actions.keep_mapping(**form.cleaned_data, by=request.member, at=timezone.now()),
            said=_("The mapping is in force. Files of this layout are read by it from now on."),
            back=reverse("signals:mappings"),
            form=form,
        )
        if done is not None:
            return done
    return render(request, TRIED, {"form": form}, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@allowed(Permission.SIGNAL_IMPORT)
@require_POST
def end_mapping(request: MemberRequest, pk: int) -> HttpResponse:
    """No file comes in by this layout any more."""
    found = get_object_or_404(LayoutMapping.objects.visible_to(request.member), pk=pk)
    return do_once(
        request,
        lambda: actions.end_mapping(found, by=request.member, at=timezone.now()),
        said=_("The mapping has ended. No file comes in by this layout until a next version."),
        back=reverse("signals:mappings"),
    )


@allowed(Permission.SIGNAL_IMPORT)
@require_safe
def mapping(request: MemberRequest, pk: int) -> HttpResponse:
    """A version as the TOML file that it was."""
    found = get_object_or_404(LayoutMapping.objects.visible_to(request.member), pk=pk)
    content = actions.open_mapping(found, by=request.member, at=timezone.now())
    name = f"{found.code}-{found.version}.toml"
    return HttpResponse(
        content,
        content_type="application/toml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
