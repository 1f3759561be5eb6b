"""Two locks on the front door: a password and a second factor; and sessions that end."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from referral.organisations.models import Membership
from referral.organisations.roles import Role
from referral.people.middleware import USED_SECONDS
from tests.factories.people import ALWAYS, end_membership, make_member, sign_in

pytestmark = pytest.mark.django_db
PASSWORD = "een lange zin als wachtwoord"


@pytest.fixture(autouse=True)
def _no_earlier_attempts():
    cache.clear()


@pytest.fixture
def alice():
    member = make_member(Role.LE_POLICE)
    member.user.set_password(PASSWORD)
    member.user.save()
    return member


def log_in(client, member, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": member.user.email, "password": password})


def test_a_password_alone_opens_only_the_enrolment(client, alice):
    response = log_in(client, alice)

    assert response.status_code == 302
    assert client.get("/home/").headers["Location"] == reverse("mfa_index")
    asked_again = client.get(reverse("mfa_activate_totp")).headers["Location"]
    client.post(asked_again, {"password": PASSWORD})
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_with_a_second_factor_the_house_opens(client, alice):
    TOTP.activate(alice.user, generate_totp_secret())

    assert "2fa" in log_in(client, alice).headers["Location"]
    assert client.get("/home/").headers["Location"].startswith(reverse("account_login"))


def test_after_five_wrong_passwords_the_right_one_is_refused_too(client, alice):
    bob = make_member(Role.LE_POLICE)
    bob.user.set_password(PASSWORD)
    bob.user.save()
    for _ in range(4):
        assert log_in(client, alice, "wrong wrong wrong").status_code == 200
    log_in(client, alice, "wrong wrong wrong")

    assert log_in(client, alice).status_code == 429
    assert client.get("/home/").status_code == 302
    assert log_in(client, bob).status_code == 302  # another person is not locked out


def test_nobody_makes_an_account_for_themselves(client):
    client.post(
        reverse("account_signup"), {"email": "charlie@example.invalid", "password1": PASSWORD}
    )

    assert not Membership.objects.filter(user__email="charlie@example.invalid").exists()
    assert client.get("/home/").status_code == 302


def test_a_session_ends_when_nobody_is_there(client, alice, time_machine):
    sign_in(client, alice)
    assert client.get("/home/").status_code == 200

    time_machine.move_to(timezone.now() + timedelta(minutes=16))

    assert client.get("/home/").headers["Location"] == reverse("account_login")


def test_a_session_ends_after_a_working_day_however_busy(client, alice, time_machine):
    sign_in(client, alice)
    start = timezone.now()
    for minutes in range(0, 8 * 60, 10):
        time_machine.move_to(start + timedelta(minutes=minutes))
        assert client.get("/home/").status_code == 200

    time_machine.move_to(start + timedelta(hours=8, minutes=1))

    assert client.get("/home/").headers["Location"] == reverse("account_login")


def test_who_left_the_organisation_has_no_access_at_the_next_click(client, alice):
    sign_in(client, alice)
    assert client.get("/home/").status_code == 200

    end_membership(alice, at=timezone.now())

    assert client.get("/home/").status_code != 200


def test_who_has_two_roles_chooses_one(client):
    alice = make_member(Role.COM_REGISTRAR)
    second = Membership.objects.create(
        user=alice.user, organisation=alice.organisation, role=Role.COM_PLACEMENT, valid=ALWAYS
    )
    sign_in(client, alice)
    session = client.session
    del session["membership"]
    session.save()

    assert client.get("/home/").headers["Location"] == reverse("people:choose_role")
    page = client.get(reverse("people:choose_role"))
    assert page.status_code == 200
    client.post(reverse("people:choose_role"), {"membership": second.pk})

    assert client.get("/home/").status_code == 200
    assert client.session["membership"] == second.pk


def test_nobody_chooses_a_role_of_somebody_else(client, alice):
    charlie = make_member(Role.EMM_ANALYST)
    sign_in(client, alice)

    response = client.post(reverse("people:choose_role"), {"membership": charlie.pk})

    assert response.status_code == 404
    assert client.session["membership"] == alice.pk


def test_people_see_and_end_their_own_sessions(client, alice):
    sign_in(client, alice)

    assert client.get(reverse("usersessions_list")).status_code == 200


def test_the_use_of_a_session_is_written_down_once_a_minute_and_from_elsewhere_at_once(
    client, alice
):
    sign_in(client, alice)
    client.get("/home/")
    hour_ago = timezone.now() - timedelta(hours=1)

    def used_again(**headers: str) -> bool:
        UserSession.objects.update(last_seen_at=hour_ago)
        client.get("/home/", headers=headers)
        return UserSession.objects.get().last_seen_at > hour_ago

    assert not used_again()
    assert used_again(user_agent="Another browser")
    assert UserSession.objects.get().user_agent == "Another browser"
    assert not used_again(user_agent="Another browser")
    session = client.session
    session["used"] = (session["used"][0] - USED_SECONDS - 1, session["used"][1])
    session.save()
    assert used_again(user_agent="Another browser")
