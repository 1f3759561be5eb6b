"""What each answer carries, and whose address counts."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from referral.access.headers import ClientAddressMiddleware
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
