"""Nobody holds both sides: not in one role, and not in two."""

import pytest
from django.db import IntegrityError, transaction

from referral.organisations.models import Membership
from referral.organisations.permissions import MATRIX, Permission
from referral.organisations.roles import ROLE_FACTS, OrganisationType, Role, Wall
from tests.factories.people import ALWAYS, make_member, make_organisation

INTELLIGENCE = {p for p in Permission if p.value.startswith(("signal.", "deliberation."))}
CARE = {
    p for p in Permission if p.value.startswith(("case.", "care_note.", "consent.", "handoff."))
}
SHELTER = {p for p in Permission if p.value.startswith(("address.", "placement.", "bed."))}


def test_every_role_stands_in_the_matrix_and_every_permission_is_somebodys():
    assert MATRIX.keys() == set(Role)
    assert ROLE_FACTS.keys() == set(Role)
    assert set(Permission) == set().union(*MATRIX.values())


@pytest.mark.parametrize("role", Role)
def test_no_role_reads_signals_and_care(role):
    held = MATRIX[role]

    assert not (held & INTELLIGENCE and held & (CARE | SHELTER))


@pytest.mark.parametrize("role", Role)
def test_a_role_keeps_to_its_side_of_the_wall(role):
    wall = ROLE_FACTS[role].wall

    if MATRIX[role] & (CARE | SHELTER):
        assert wall == Wall.CARE
    if MATRIX[role] & {Permission.SIGNAL_READ_ALL, Permission.SIGNAL_READ_ORGANISATION}:
        assert wall == Wall.INTELLIGENCE


@pytest.mark.parametrize("role", [Role.NRM_ANALYST, Role.MUNI_POLICY])
def test_figures_come_without_persons(role):
    assert all(p.value.startswith(("release.", "dashboard.")) for p in MATRIX[role])
    assert Permission.TRUE_COUNTS not in MATRIX[role]


@pytest.mark.parametrize("role", [Role.PLATFORM_ADMIN, Role.ORG_ADMIN, Role.FG, Role.AUDITOR])
def test_administrators_and_overseers_open_no_case(role):
    assert not MATRIX[role] & (INTELLIGENCE | CARE | SHELTER)


@pytest.mark.django_db
def test_the_database_refuses_one_person_on_both_sides():
    police = make_member(Role.LE_POLICE)
    desk = make_organisation(OrganisationType.COMENSHA)

    with pytest.raises(IntegrityError, match="nobody_"), transaction.atomic():
        Membership.objects.create(
            user=police.user, organisation=desk, role=Role.COM_REGISTRAR, valid=ALWAYS
        )
    # The wall holds within one organisation too, where the other constraint is silent.
    with pytest.raises(IntegrityError, match="both_sides_of_the_wall"), transaction.atomic():
        Membership.objects.create(
            user=police.user, organisation=police.organisation, role=Role.ZC, valid=ALWAYS
        )
