"""Residence and the deliberation are two roles of one service, and neither reads the other's."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from referral.cases.workflow import CaseStatus
from referral.notices.kinds import Kind
from referral.notices.models import Notice
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from referral.residence.models import Deadline, Reflection, ResidenceFile, Step, Track
from signals.deliberation import actions
from signals.deliberation.models import AgendaItem, Meeting, Pack, Participant, Proposal
from tests.deliberation.scenes import Scene, act
from tests.factories.cases import case_at, doing, make_country
from tests.factories.people import ALWAYS
from tests.factories.residence import looking, make_liaison, permitted, registration_of, running

pytestmark = pytest.mark.django_db
OF_RESIDENCE = [ResidenceFile, Reflection, Track, Step, Deadline]
OF_DELIBERATION = [Meeting, Participant, Proposal, AgendaItem, Pack]


def seen(member: Membership, models: list) -> dict[str, tuple[bool, bool]]:
    """Of each kind, whether the queryset and whether the policy shows any."""
    with doing(member):
        return {
            model.__name__: (
                model.objects.visible_to(member).exists(),
                model.objects.all().exists(),
            )
            for model in models
        }


def test_one_person_reads_residence_in_one_role_and_the_deliberation_in_the_other():
    country, liaison, today = make_country(), make_liaison(), timezone.localdate()
    case = case_at(CaseStatus.ACTIVE, country)
    started = today - timedelta(days=3)
    file = running(registration_of(case), officer=country.officer, starts_on=started)
    with looking():
        partner = Membership.objects.create(
            user=liaison.user,
            organisation=liaison.organisation,
            role=Role.EMM_PARTNER,
            valid=ALWAYS,
        )
    scene = Scene()
    meeting = scene.planned()
    act(scene.coordinator, actions.invite_participant, meeting, member=partner, sections=[])
    nothing, all_of_it = (False, False), (True, True)

    assert set(seen(partner, OF_RESIDENCE).values()) == {nothing}
    assert set(seen(liaison, OF_DELIBERATION).values()) == {nothing}
    assert set(seen(liaison, OF_RESIDENCE).values()) == {all_of_it}
    assert seen(partner, [Meeting, Participant]) == {
        "Meeting": all_of_it,
        "Participant": all_of_it,
    }

    permitted(file, officer=country.officer, liaison=liaison, on=today)
    with looking():
        told = Notice.objects.filter(kind=Kind.RESIDENCE_OF_CASE)
        [notice] = told.values_list("organisation", "role", "url")
    assert notice == (country.alice.organisation_id, "zc", file.get_absolute_url())
    with doing(partner):
        assert not _coordinators(file)
    with doing(liaison):
        assert _coordinators(file) == [(country.alice.organisation_id,)]


def _coordinators(file: ResidenceFile) -> list[tuple[int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT baken.coordinators_of_residence_file(%s)", [file.pk])
        return list(cursor.fetchall())
