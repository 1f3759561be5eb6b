"""An administrator gives and ends roles in the own organisation, and nowhere else."""

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from referral.access.context import acting
from referral.audit.models import AuditEvent
from referral.organisations.models import Membership
from referral.organisations.roles import OrganisationType, Role
from referral.people.actions import add_member, end_membership
from referral.people.rules import MembershipRefused, roles_of
from tests.factories.people import make_member, make_organisation, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    member = make_member(Role.ORG_ADMIN, organisation=make_organisation(OrganisationType.NLA))
    call_command("sync_roles")
    return member


def add(admin, role=Role.LE_NLA, email="new@example.invalid", organisation=None):
    with acting(admin, purpose="test"):
        return add_member(
            organisation or admin.organisation,
            full_name="New Colleague",
            email=email,
            role=role,
            by=admin,
            at=timezone.now(),
        )


def test_a_new_member_may_act_at_once(admin, client):
    member = add(admin)

    sign_in(client, member)

    assert client.get("/home/").status_code == 200


def test_another_organisations_members_are_not_the_administrators_to_give(admin):
    with pytest.raises(MembershipRefused):
        add(admin, organisation=make_organisation(OrganisationType.NLA))


def test_a_role_of_another_kind_of_organisation_is_refused(admin):
    with pytest.raises(MembershipRefused):
        add(admin, role=Role.COM_REGISTRAR)


def test_a_person_who_works_elsewhere_is_refused_with_the_reason(admin):
    elsewhere = make_member(Role.ZC)

    with pytest.raises(MembershipRefused, match="other"):
        add(admin, email=elsewhere.user.email)


def test_the_same_role_twice_is_refused(admin):
    add(admin)

    with pytest.raises(MembershipRefused, match="already"):
        add(admin)


def test_a_membership_ends_at_once_and_only_once(admin):
    member = make_member(Role.LE_NLA, organisation=admin.organisation)
    now = timezone.now()

    with acting(admin, purpose="test"):
        end_membership(member, by=admin, at=now)
        with pytest.raises(MembershipRefused, match="already"):
            end_membership(member, by=admin, at=now)

    assert not Membership.objects.valid_at(now).filter(pk=member.pk).exists()


def test_administrators_do_not_end_themselves(admin):
    with acting(admin, purpose="test"), pytest.raises(MembershipRefused, match=r"yourself|own"):
        end_membership(admin, by=admin, at=timezone.now())


def test_a_membership_that_has_not_begun_cannot_end(admin):
    member = add(admin)

    with acting(admin, purpose="test"), pytest.raises(MembershipRefused, match="begun"):
        end_membership(member, by=admin, at=member.valid.lower)


def test_services_are_nobodys_to_give():
    for kind in OrganisationType:
        organisation = make_organisation(kind)
        assert not any(role.value.startswith("service_") for role in roles_of(organisation))


def test_the_page_adds_a_member_and_keeps_what_was_typed_when_it_refuses(admin, client):
    sign_in(client, admin)
    url = reverse("people:members")

    refused = client.post(url, {"full_name": "Bob", "email": "no address", "role": "le_nla"})
    done = client.post(
        url, {"full_name": "Bob", "email": "bob@example.invalid", "role": "le_nla"}, follow=True
    )

    assert 'value="no address"' in refused.text
    assert "Bob" in done.text
    assert Membership.objects.filter(user__email="bob@example.invalid").count() == 1


def test_the_page_ends_a_membership_of_the_own_organisation_only(admin, client):
    mine = make_member(Role.LE_NLA, organisation=admin.organisation)
    theirs = make_member(Role.LE_NLA)
    sign_in(client, admin)

    assert client.post(reverse("people:end", args=[mine.pk])).status_code == 302
    assert client.post(reverse("people:end", args=[theirs.pk])).status_code == 404
    now = timezone.now()
    assert set(Membership.objects.valid_at(now).filter(pk__in=[mine.pk, theirs.pk])) == {theirs}


def test_each_deed_leaves_one_line(admin):
    auditor = make_member(Role.AUDITOR)
    member = add(admin)
    with acting(admin, purpose="test"):
        end_membership(member, by=admin, at=timezone.now())

    with acting(auditor, purpose="test"):
        lines = AuditEvent.objects.filter(actor_id=admin.user_id)
        assert sorted(line.action for line in lines) == ["member_added", "membership_ended"]


def test_the_platform_administrator_adds_an_organisation_once(client):
    admin = make_member(Role.PLATFORM_ADMIN)
    sign_in(client, admin)
    url, data = reverse("people:organisations"), {"name": "Opvang Nieuw", "type": "shelter"}

    assert client.get(url).status_code == 200
    assert client.post(url, data).status_code == 302
    assert "already" in client.post(url, data, headers={"accept-language": "en"}).text
