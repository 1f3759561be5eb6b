"""What each answer carries, and whose address counts."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from referral.access.context import acting, service
from referral.access.headers import ClientAddressMiddleware
from referral.audit.models import AuditEvent
from referral.organisations.roles import Role
from tests.factories.people import make_member, sign_in


def address(forwarded):
    seen = []

    def page(request):
        seen.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    ClientAddressMiddleware(page)(RequestFactory().get("/", headers=headers))
    return seen[0]


def test_behind_the_proxy_only_what_the_proxy_saw_counts(settings):
    settings.BEHIND_PROXY = True

    assert address("203.0.113.9") == "203.0.113.9"
    assert address("198.51.100.1, 203.0.113.9") == "203.0.113.9"
    assert address("") == "127.0.0.1"


def test_without_a_proxy_the_header_says_nothing(settings):
    settings.BEHIND_PROXY = False

    assert address("203.0.113.9") == "127.0.0.1"


@pytest.mark.django_db
def test_pages_carry_the_headers_and_personal_ones_are_not_kept(client):
    public = client.get("/")
    sign_in(client, make_member(Role.LE_POLICE))
    personal = client.get("/home/")

    for page in (public, personal):
        policy = page.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert page.headers["Referrer-Policy"] == "same-origin"
        assert "camera=()" in page.headers["Permissions-Policy"]
    assert personal.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (f"00-{'4b' * 16}-{'00f0' * 4}-01", "4b" * 16),
        (f"00-{'0' * 32}-{'00f0' * 4}-01", ""),
        (f"00-{'4b' * 16}-{'00f0' * 4}-01\n", ""),
        ("a trace", ""),
        ("", ""),
    ],
)
def test_a_deed_stands_in_the_trail_with_the_trace_of_who_asked(client, sent, kept):
    sign_in(client, make_member(Role.LE_POLICE))

    client.get("/signals/", headers={"traceparent": sent})

    with acting(service(Role.SERVICE_SEALER), purpose="test"):
        [line] = AuditEvent.objects.filter(action="signals_listed")
    assert line.trace_id == kept
