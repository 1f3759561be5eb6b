"""Headers that every answer carries, and the one of a request that a proxy speaks for."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from referral.lib.problems import MEDIA_TYPE, Problem

#: Where partners' systems come in, and the version of what they find there (semver).
API, API_VERSION = "/v1/", "1.0.0"
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class ClientAddressMiddleware:
    """Behind our own proxy the client's address is the one that the proxy saw: the last.

    What a client writes in the header itself stands before that and counts for nothing, so a
    forged address neither hides in the trail nor resets the counting of failed sign-ins.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        forwarded = request.headers.get("X-Forwarded-For", "")
        if settings.BEHIND_PROXY and forwarded:
            request.META["REMOTE_ADDR"] = forwarded.rpartition(",")[2].strip()
        return self.get_response(request)


class HeadersMiddleware:
    """Personal pages are not kept by browsers or proxies; no page uses a device's sensors."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if getattr(request, "member", None) is not None:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class ApiMiddleware:
    """Under /v1/ every answer names its version and is kept nowhere, every error has words.

    A browser's cookies do not count there: only a token says who asks, so no page elsewhere can
    make a browser ask.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(API):
            return self.get_response(request)
        request.COOKIES = {}
        if _body_length(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            response: HttpResponseBase = Problem(413).response()
        else:
            response = self.get_response(request)
        if response.status_code >= 400 and response.headers.get("Content-Type") != MEDIA_TYPE:
            response = Problem(response.status_code).response()
        response.headers["API-Version"] = API_VERSION
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault(
            "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"
        )
        return response


def _body_length(request: HttpRequest) -> int:
    """As the client says; the server reads no more than that."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if str(said).isdecimal() else 0
