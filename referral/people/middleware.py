"""A second factor is not a choice: until one is enrolled, only the enrolment pages open.

And where each session is used from, for its owner to see.
"""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.organisations.models import User

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
#: How long a session's last use may lie back before it is written down again.
USED_SECONDS = 60
#: What a person without a second factor still needs.
OPEN_PATHS = ("/accounts/", "/language/", "/static/", "/health/", "/accessibility/")


class EnrolmentMiddleware:
    """Send who signed in with a password alone to the page where a second factor is added."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if not isinstance(user, User) or request.path.startswith(OPEN_PATHS):
            return self.get_response(request)
        if not request.session.get("second_factor"):
            if not Authenticator.objects.filter(user=user, type__in=FACTORS).exists():
                messages.info(
                    request, _("Add a second factor first: Baken opens only with two locks.")
                )
                return redirect("mfa_index")
            request.session["second_factor"] = "enrolled"
        return self.get_response(request)


class UseMiddleware:
    """Write down when and from where a session is used: at once when it comes from elsewhere,
    and else once a minute.

    allauth's own middleware does so at every request, in five statements and with a lock.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if isinstance(request.user, User) and request.session.session_key:
            now = timezone.now().timestamp()
            place = [request.META.get("REMOTE_ADDR", ""), request.headers.get("User-Agent", "")]
            at, before = request.session.get("used", (0.0, []))
            if now - at > USED_SECONDS or place != before:
                UserSession.objects.create_from_request(request)
                request.session["used"] = (now, place)
        return self.get_response(request)
