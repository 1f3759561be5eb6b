"""The coordinator's pages of imports: send a file, follow it, read the report."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from signals import actions
from signals.forms import ImportForm
from signals.models import ImportBatch, ImportRefusal

LINES_ON_A_PAGE = 100
PIECE = 1_000_000


@allowed(Permission.SIGNAL_IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: MemberRequest) -> HttpResponse:
    """Send a file, and the imports so far. A worker takes it in after this answer."""
    at = timezone.now()
    mappings = actions.mappings_in_force(by=request.member, at=at)
    form = ImportForm(request.POST or None, request.FILES or None, mappings=mappings)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        batch = actions.order_import(
            lambda: file.chunks(PIECE),
            file_name=file.name,
            profile=form.cleaned_data["profile"],
            by=request.member,
            at=timezone.now(),
        )
        actions.hand_to_worker(batch)
        return redirect(batch)
    batches = actions.list_imports(by=request.member, at=timezone.now())
    context = {"form": form, "batches": batches}
    return render(request, "signals/imports.html", context, status=422 if form.is_bound else 200)


@allowed(Permission.SIGNAL_IMPORT)
@require_safe
def report(request: MemberRequest, pk: UUID) -> HttpResponse:
    """How far an import is, and what became of its rows; the refused ones with their reason."""
    batch = get_object_or_404(
        ImportBatch.objects.visible_to(request.member).select_related("mapping"), pk=pk
    )
    batch = actions.open_import(batch, by=request.member, at=timezone.now())
    refusals = ImportRefusal.objects.visible_to(request.member).filter(batch=batch)
    page = Paginator(refusals.order_by("line"), LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "signals/import_report.html", {"batch": batch, "page": page})


@allowed(Permission.SIGNAL_IMPORT)
@require_safe
def progress(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The bar alone, for htmx; when the work has ended, the whole page is asked for anew."""
    batch = get_object_or_404(ImportBatch.objects.visible_to(request.member), pk=pk)
    response = render(request, "signals/_progress.html", {"batch": batch})
    if not batch.under_way:
        response["HX-Refresh"] = "true"
    return response
