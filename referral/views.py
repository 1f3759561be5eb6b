"""Pages that look into more than one room: the start page, each role's home, and refusals."""

from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from referral.access.doors import allowed, open_to_public
from referral.access.requests import MemberRequest


@open_to_public
def start(request: HttpRequest) -> HttpResponse:
    """What Baken is, where to report, and the way in."""
    if getattr(request, "member", None) is not None:
        return redirect("home")
    return render(request, "public/start.html")


@allowed()
def home(request: MemberRequest) -> HttpResponse:
    """Each role lands on its own work."""
    return render(request, "home.html")


@open_to_public
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "public/accessibility.html")


@open_to_public
def security_txt(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Where to report a weakness (RFC 9116)."""
    expires = (timezone.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires}",
        "Preferred-Languages: nl, en",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@open_to_public
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Alive, and the database answers. Says nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": True})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return render(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    return render(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)
