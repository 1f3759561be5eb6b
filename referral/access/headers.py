"""Headers that every answer carries, and the one of a request that a proxy speaks for."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

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
