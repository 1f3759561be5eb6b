"""The queryset and the policy show the same rows, and each is enough without the other."""

from copy import deepcopy

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from referral.cases.actions import reply_about_handoff, write_care_note
from referral.cases.models import (
    Basis,
    CareNote,
    Case,
    CaseAccess,
    CaseGrant,
    Handoff,
    HandoffPackage,
    HandoffQuestion,
    HandoffRevision,
    Level,
    Profile,
)
from referral.cases.workflow import TAKEN_OVER, CaseStatus, HandoffStatus
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from tests.factories.cases import Country, case_at, colleague_of, doing, handoff_at, make_country
from tests.factories.people import make_member, sign_in

pytestmark = pytest.mark.django_db
MODELS = [
    Case,
    CaseAccess,
    CaseGrant,
    CareNote,
    Handoff,
    HandoffPackage,
    HandoffQuestion,
    HandoffRevision,
]


@pytest.fixture(scope="module")
def made(module_db: None) -> tuple[Country, list[Membership]]:  # noqa: ARG001
    """A case in every state, read on every basis, and people of every kind."""
    country = make_country()
    for status in CaseStatus:
        case_at(status, country)
    for status in HandoffStatus:
        handoff = handoff_at(status, country)
        owner = country.bob if status in TAKEN_OVER else country.alice
        with doing(owner):
            write_care_note(handoff.case, text="Words.", by=owner, at=timezone.now())
    shelter, personally = make_member(Role.SHELTER_WORKER), colleague_of(country.charlie)
    asked = handoff_at(HandoffStatus.INFO_REQUESTED, country)
    with doing(country.alice):
        reply_about_handoff(
            asked, text="Here.", pack_again=True, by=country.alice, at=timezone.now()
        )
    values = {"case": handoff.case, "level": Level.VIEW, "valid": (timezone.now(), None)}
    with doing(country.placement):
        CaseGrant.objects.create(
            organisation=shelter.organisation,
            profile=Profile.PLACEMENT,
            basis=Basis.PLACEMENT,
            granted_by=country.placement.user,
            **values,
        )
    with doing(country.alice):
        CaseGrant.objects.create(
            organisation=personally.organisation,
            user=personally.user,
            profile=Profile.FULL,
            basis=Basis.BREAK_GLASS,
            granted_by=country.alice.user,
            **values,
        )
    outside = colleague_of(country.alice, Role.ORG_ADMIN)
    members = [*country.members, shelter, personally, outside, make_member(Role.EMM_ANALYST)]
    return country, members


@pytest.fixture
def world(made, db) -> tuple[Country, list[Membership]]:  # noqa: ARG001
    return deepcopy(made)


def ids(rows) -> set[object]:
    return set(rows.values_list("pk", flat=True))


@pytest.mark.parametrize("model", MODELS)
def test_the_database_and_the_queryset_show_the_same_rows(world, model):
    _country, members = world
    sizes = set()
    for member in members:
        with doing(member):
            by_queryset, by_database = ids(model.objects.visible_to(member)), ids(model.objects)
        assert by_queryset == by_database, (member.role, model)
        sizes.add(len(by_queryset))
    assert len(sizes) > 1  # the members differ, so the locks have something to say


@pytest.mark.parametrize("model", MODELS)
def test_the_queryset_is_enough_without_the_database(world, model):
    _country, members = world
    hidden = 0
    for member in members:
        with doing(member):
            expected = ids(model.objects)
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL ROLE baken_guard")
                every, alone = ids(model.objects), ids(model.objects.visible_to(member))
                cursor.execute("SET LOCAL ROLE baken_web")
        assert alone == expected, (member.role, model)
        hidden += len(every - alone)
    assert hidden  # there was something that one lock alone had to hide


def test_a_list_holds_what_its_pages_open_and_nothing_else(world, client):
    """One predicate: set(list) = {case : its page is there}."""
    country, members = world
    with transaction.atomic():
        connection.cursor().execute("SET LOCAL ROLE baken_guard")
        every = ids(Case.objects)
        connection.cursor().execute("SET LOCAL ROLE baken_web")
    for member in members:
        sign_in(client, member)
        with doing(member):
            lines = CaseAccess.objects.visible_to(member).one_line_a_case(member)
            listed = list(lines.values_list("case", flat=True))
        assert len(listed) == len(set(listed))
        if member in {country.desk, country.placement}:
            listed = every
        opened = {
            pk
            for pk in every
            if client.get(reverse("cases:case", args=[pk]), follow=True).status_code == 200
        }
        assert opened == set(listed), member.role


def test_a_case_open_to_all_and_to_one_is_one_line(world):
    country, _members = world
    with doing(country.alice):
        case = Case.objects.filter(status=CaseStatus.ACTIVE).first()
        CaseGrant.objects.create(
            case=case,
            organisation=country.charlie.organisation,
            level=Level.VIEW,
            profile=Profile.FULL,
            basis=Basis.SUPERVISION,
            valid=(timezone.now(), None),
            granted_by=country.alice.user,
        )
        CaseGrant.objects.create(
            case=case,
            organisation=country.charlie.organisation,
            user=country.charlie.user,
            level=Level.VIEW,
            profile=Profile.FULL,
            basis=Basis.BREAK_GLASS,
            valid=(timezone.now(), None),
            granted_by=country.alice.user,
        )
    with doing(country.charlie):
        lines = CaseAccess.objects.visible_to(country.charlie)
        assert lines.count() == 2
        assert lines.one_line_a_case(country.charlie).get().case_id == case.pk
        assert Case.objects.visible_to(country.charlie).count() == 1


@pytest.mark.parametrize(
    ("permission", "expected"),
    [
        ("view", {"alice", "bob"}),
        ("work", {"bob"}),
        ("manage", {"bob"}),
    ],
)
def test_permissions_on_a_case_come_from_its_grants(world, permission, expected):
    country, _members = world
    with doing(country.alice):
        case = Handoff.objects.get(status=HandoffStatus.ACCEPTED).case
    can = set()
    for name in ("alice", "bob", "charlie", "desk"):
        member = getattr(country, name)
        with doing(member):
            if member.user.has_perm(f"cases.{permission}_case", case):
                can.add(name)
            assert not member.user.has_perm("cases.delete_case", case)
            assert not member.user.has_perm(f"cases.{permission}_case", country.here)
        assert not member.user.has_perm(f"cases.{permission}_case", case)
    assert can == expected
