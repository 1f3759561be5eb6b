"""A case table: who may be there, what each sees, and what becomes of the agreements."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from referral.access.context import acting, service
from referral.cases.models import Case
from referral.cases.planning.models import Task
from referral.cases.rules import CaseRefused, MoveRefused
from referral.cases.tables.actions import (
    Call,
    add_agreement,
    call_table,
    end_table,
    hold_table,
    list_tables,
    make_task,
    open_table,
)
from referral.cases.tables.models import Agreement, CaseTable, Invitation
from referral.cases.tables.workflow import TABLE_MOVES, TableStatus
from referral.cases.workflow import CaseStatus
from referral.lib.refusals import Refused
from referral.notices.models import Notice
from referral.organisations.roles import Role
from referral.sharing.actions import withdraw_consent
from referral.sharing.models import Consent, WithdrawalReason
from tests.factories.cases import case_at, doing, make_country
from tests.factories.people import sign_in
from tests.factories.referrals import make_lawyer
from tests.factories.tables import AGREED, GOAL, table_at
from tests.sentences import bare, unbroken

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(module_db):  # noqa: ARG001
    country = make_country()
    return country, case_at(CaseStatus.ACTIVE, country), make_lawyer(), make_lawyer()


@pytest.fixture
def world(made, db):  # noqa: ARG001
    return deepcopy(made)


def reads(table, member):
    with doing(member):
        read = open_table(table, by=member, at=timezone.now())
        return read.goal, [one.agreement.organisation_id for one in read.agreements]


def told():
    with acting(service(Role.SERVICE_RELAY), purpose="test"):
        found = Notice.objects.filter(kind__startswith="table_").order_by("pk")
        return list(found.values_list("kind", "organisation"))


def test_each_at_the_table_sees_the_goal_and_its_own_agreements_and_nothing_else(client, world):
    country, case, lawyer, other = world
    alice, at = country.alice, timezone.now()
    table = table_at(TableStatus.HELD, case, lawyer, other, by=alice)

    both = [lawyer.organisation_id, alice.organisation_id]
    assert sorted(reads(table, alice)[1]) == sorted(both)
    assert reads(table, lawyer) == (GOAL, [lawyer.organisation_id])
    assert reads(table, other) == (GOAL, [])
    assert told() == [
        ("table_called", lawyer.organisation_id),
        ("table_called", other.organisation_id),
        ("table_agreed", lawyer.organisation_id),
    ]
    for stranger in (country.bob, country.desk, make_lawyer()):
        with doing(stranger), pytest.raises(CaseTable.DoesNotExist):
            open_table(table, by=stranger, at=at)
    # On the page too: not who else is invited, and no way into the case.
    page = sign_in(client, lawyer).get(table.get_absolute_url()).content.decode()
    assert GOAL in page
    assert page.count(AGREED) == 1
    assert not [
        w for w in (case.reference, other.organisation.name, "/hold/", "/agree/") if w in page
    ]
    assert client.get(case.get_absolute_url()).status_code == 404
    assert str(table) in client.get(reverse("cases:tables:list")).content.decode()
    with doing(lawyer):
        assert Invitation.objects.visible_to(lawyer).count() == 1
        with pytest.raises(Case.DoesNotExist):
            end_table(table, to=TableStatus.CLOSED, by=lawyer, at=at)
    # Taken back: from then on that organisation sees nothing, and the other what it saw.
    with doing(alice):
        consent = Consent.objects.visible_to(alice).get(recipient=lawyer.organisation)
        withdraw_consent(consent, reason=WithdrawalReason.SAFETY, by=alice, at=at)
    with doing(lawyer):
        assert not CaseTable.objects.visible_to(lawyer).exists()
        assert not Agreement.objects.all().exists()
    assert reads(table, other) == (GOAL, [])


def test_only_who_may_be_there_is_invited_and_only_who_works_on_the_case_invites(client, world):
    country, case, lawyer, other = world
    alice, at = country.alice, timezone.now()
    today = timezone.localdate(at)
    good = {"case": case, "goal": GOAL, "held_on": today, "guests": [lawyer.organisation]}
    for wrong in (
        {},  # the person did not agree
        {"guests": []},
        {"guests": [alice.organisation]},
        {"guests": [country.officer.organisation]},
        {"goal": " "},
        {"held_on": today - timedelta(days=1)},
    ):
        with doing(alice), pytest.raises(Refused):
            call_table(Call(**{**good, **wrong}), by=alice, at=at)
    table = table_at(TableStatus.PLANNED, case, lawyer, by=alice)
    with doing(country.bob), pytest.raises((Case.DoesNotExist, MoveRefused)):
        call_table(Call(**good), by=country.bob, at=at)
    with doing(alice):
        with pytest.raises(CaseRefused):
            hold_table(table, attended=[other.organisation], by=alice, at=at)
        with pytest.raises(CaseRefused):
            add_agreement(
                table, words=AGREED, organisation=lawyer.organisation, due_on=today, by=alice, at=at
            )
    answer = sign_in(client, alice).post(
        reverse("cases:tables:call", args=[case.pk]),
        {"goal": GOAL, "held_on": "31-12-2020", "guests": [lawyer.organisation_id]},
    )
    assert answer.status_code == 422
    answer = client.post(
        reverse("cases:tables:call", args=[case.pk]),
        {"goal": GOAL, "held_on": f"{today:%d-%m-%Y}", "guests": [lawyer.organisation_id]},
    )
    assert answer.status_code == 302
    assert GOAL in client.get(answer["Location"]).content.decode()
    assert "#tables" in client.get(case.get_absolute_url()).content.decode()


def test_a_table_moves_along_its_table_and_a_promise_of_the_team_becomes_a_task(client, world):
    country, case, lawyer, _other = world
    alice, at = country.alice, timezone.now()
    sign_in(client, alice)
    table = table_at(TableStatus.PLANNED, case, lawyer, by=alice)
    address = table.get_absolute_url()
    client.post(f"{address}hold/", {"attended": [lawyer.organisation_id]})
    due = timezone.localdate(at) + timedelta(days=3)
    sent = {"words": AGREED, "organisation": alice.organisation_id, "due_on": f"{due:%d-%m-%Y}"}
    assert client.post(f"{address}agree/", sent)["Location"] == address
    with doing(alice):
        agreement = Agreement.objects.visible_to(alice).get(table=table)
    client.post(reverse("cases:tables:task", args=[agreement.pk]))
    with doing(alice):
        task = Task.objects.visible_to(alice).get(case=case)
        assert (task.due_on, task.owner_id) == (due, alice.user_id)
        assert Invitation.objects.get(table=table).attended is True
        with pytest.raises(CaseRefused):
            make_task(agreement, by=alice, at=at)
    client.post(f"{address}close/")
    with doing(alice):
        assert CaseTable.objects.get(pk=table.pk).status == TableStatus.CLOSED
        assert list_tables(CaseTable.objects.visible_to(alice), by=alice, at=at)
        with pytest.raises(MoveRefused):
            end_table(table, to=TableStatus.CANCELLED, by=alice, at=at)
    cancelled = table_at(
        TableStatus.CANCELLED, case_at(CaseStatus.ACTIVE, country), lawyer, by=alice
    )
    assert told()[-1] == ("table_cancelled", lawyer.organisation_id)
    # The database knows the same moves.
    for found in (table, cancelled):
        for to in set(TableStatus) - set(TABLE_MOVES[found.status]):
            with pytest.raises(IntegrityError, match="along_the_table"), doing(alice):
                CaseTable.objects.filter(pk=found.pk).update(status=to)


def test_every_sentence_refuses_what_breaks_it(world):
    country, case, lawyer, other = world
    table = table_at(TableStatus.HELD, case, lawyer, other, by=country.alice)
    with doing(country.alice):
        consents = list(Consent.objects.filter(recipient__isnull=False)[:1])
    changes = {
        "case_table_status_is_known": lambda: CaseTable.objects.update(status="x"),
        "case_table_ends_by_someone_at_a_time": lambda: CaseTable.objects.update(status="closed"),
        "organisation_is_invited_once_to_a_case_table": lambda: Invitation.objects.update(
            organisation=lawyer.organisation
        ),
        "invitation_rests_on_one_thing": lambda: Invitation.objects.update(
            consent=consents[0], other_basis=table.pk
        ),
    }
    named = {one.name for model in (CaseTable, Invitation) for one in model._meta.constraints}
    assert named == set(changes)
    with bare(CaseTable, Invitation):
        assert unbroken(changes) == []
    # A ground must hold when somebody is invited, whoever writes the row.
    planned = table_at(TableStatus.PLANNED, case, lawyer, by=country.alice)
    wrong = {"organisation": make_lawyer().organisation, "consent": consents[0]}
    with pytest.raises(IntegrityError, match="ground_that_holds"), doing(country.alice):
        Invitation.objects.create(table=planned, case=case, legal_basis="x", **wrong)
