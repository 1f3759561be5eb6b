"""Tasks have somebody, are told of in time, go over and come back, and follow the case."""

from copy import deepcopy
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from referral.access.context import acting, service
from referral.cases.actions import close_case
from referral.cases.planning.actions import (
    HandOver,
    NewTask,
    add_task,
    change_task,
    end_absence,
    end_task,
    hand_over_tasks,
    keep_absences,
    remind_of_tasks,
)
from referral.cases.planning.models import Absence, Task
from referral.cases.planning.rules import PlanningRefused
from referral.cases.planning.workflow import TaskStatus
from referral.cases.rules import MoveRefused
from referral.cases.workflow import CaseStatus, HandoffStatus
from referral.notices.models import Notice
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from tests.factories.cases import case_at, colleague_of, doing, handoff_at, make_country
from tests.factories.people import make_member, sign_in
from tests.factories.planning import WORDS, absence_of, in_days, task_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(module_db):  # noqa: ARG001
    country = make_country()
    return country, case_at(CaseStatus.ACTIVE, country), colleague_of(country.alice)


@pytest.fixture
def world(made, db):  # noqa: ARG001
    return deepcopy(made)


def as_they_are(member):
    with doing(member):
        return list(Task.objects.visible_to(member).order_by("due_on", "pk"))


def told():
    """Kind and receiver of every notice on tasks, whoever may read it."""
    with acting(service(Role.SERVICE_RELAY), purpose="test"), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
        found = Notice.objects.filter(kind__startswith="task").order_by("pk")
        rows = list(found.values_list("kind", "user"))
        cursor.execute("SET LOCAL ROLE baken_web")
        return rows


def go_round(days=0):
    at = timezone.now() + timedelta(days=days)
    with acting(service(Role.SERVICE_SWEEPER), purpose="test") as sweeper:
        return keep_absences(by=sweeper, at=at), remind_of_tasks(by=sweeper, at=at)


def test_a_task_is_written_given_moved_and_ended_and_refused_where_it_cannot_be(world):
    country, case, colleague = world
    alice = country.alice
    task = task_of(case, by=alice, owner=alice.user)
    with doing(alice):
        at = timezone.now()
        new = {"case": case, "words": WORDS, "due_on": in_days(3)}
        for wrong in (
            {"words": "  "},
            {"words": "x" * 5000},
            {"due_on": None},
            {"due_on": in_days(-1)},
            {"kind": "nothing"},
            {"owner": country.bob.user},
        ):
            with pytest.raises(PlanningRefused):
                add_task(NewTask(**{**new, **wrong}), by=alice, at=at)
        moved = change_task(task, owner=colleague.user, due_on=in_days(9), by=alice, at=at)
        assert (moved.owner, moved.due_on) == (colleague.user, in_days(9))
        with pytest.raises(PlanningRefused):
            end_task(task, to=TaskStatus.CANCELLED, reason="", by=alice, at=at)
        with pytest.raises(PlanningRefused):
            end_task(task, to=TaskStatus.CANCELLED, reason="case_closed", by=alice, at=at)
        ended = end_task(task, to=TaskStatus.CANCELLED, reason="not_wanted", by=alice, at=at)
        assert (ended.status, ended.ended_by) == (TaskStatus.CANCELLED, alice.user)
        with pytest.raises(MoveRefused):
            end_task(task, to=TaskStatus.DONE, by=alice, at=at)
        with pytest.raises(MoveRefused):
            change_task(task, owner=None, due_on=in_days(1), by=alice, at=at)
    assert told() == [("task_given", colleague.user_id)]  # and nobody of the own deed


def test_who_has_a_task_is_told_ahead_and_on_the_day_once(world):
    country, case, colleague = world
    mine = task_of(case, by=country.alice, owner=colleague.user, days=5)
    task_of(case, by=country.alice, days=3)  # of the whole team

    assert [go_round(days=day)[1] for day in (0, 1, 1, 3, 3, 5, 5)] == [0, 1, 0, 2, 0, 1, 0]
    assert told() == [
        ("task_given", colleague.user_id),
        ("task_near", None),
        ("task_due", None),
        ("task_near", colleague.user_id),
        ("task_due", colleague.user_id),
    ]
    with doing(country.alice):
        at = timezone.now()
        change_task(mine, owner=colleague.user, due_on=in_days(20), by=country.alice, at=at)
    assert go_round(days=18)[1] == 1  # another day is another reminder


def test_who_stands_in_finds_the_cases_of_the_one_who_is_away(world, client):
    country, case, _colleague = world
    away = absence_of(country.alice, first=0)
    page, waits = reverse("cases:list"), {"of": "in_place"}
    with doing(country.alice):
        stand_in = Membership.objects.get(user=away.stand_in_id)
    sign_in(client, stand_in)
    assert case.reference not in client.get(page).text
    assert "In plaats van een afwezige collega" in client.get(page).text
    assert case.reference in client.get(page, waits).text
    sign_in(client, country.alice)
    shown = client.get(page, waits)  # who stands in for nobody is shown the own cases
    assert shown.context["scope"] == "mine"
    assert "in_place" not in dict(shown.context["scopes"])


def test_open_tasks_go_to_a_colleague_for_an_absence_and_come_back_after_it(world):
    country, case, colleague = world
    alice, third = country.alice, colleague_of(country.alice)
    own, done = (task_of(case, by=alice, owner=alice.user, days=day) for day in (4, 5))
    theirs = task_of(case, by=alice, owner=third.user, days=6)
    with doing(alice):
        end_task(done, to=TaskStatus.DONE, by=alice, at=timezone.now())
    days = {"first_on": in_days(2), "last_on": in_days(10)}
    plan = HandOver(person=alice.user, stand_in=colleague.user, **days)
    with doing(third):
        at = timezone.now()
        hand_over_tasks(plan, by=third, at=at)
        for wrong in (
            HandOver(person=country.bob.user, stand_in=colleague.user, **days),
            HandOver(person=third.user, stand_in=third.user, **days),
            HandOver(
                person=third.user, stand_in=alice.user, first_on=in_days(3), last_on=in_days(1)
            ),
            plan,  # arranged already
        ):
            with pytest.raises(PlanningRefused):
                hand_over_tasks(wrong, by=third, at=at)

    def owners():
        return {task.pk: task.owner_id for task in as_they_are(alice)}

    before = {own.pk: alice.user_id, done.pk: alice.user_id, theirs.pk: third.user_id}
    assert owners() == before
    assert [go_round(days=day)[0] for day in (1, 2, 2)] == [0, 1, 0]
    assert owners() == before | {own.pk: colleague.user_id}
    assert [go_round(days=day)[0] for day in (10, 11, 11)] == [0, 1, 0]
    assert owners() == before
    kinds = [(kind, user) for kind, user in told() if kind.startswith("tasks_")]
    assert kinds == [("tasks_taken_over", colleague.user_id), ("tasks_back", alice.user_id)]
    with doing(alice):  # who is ill today is relieved at once
        ill = HandOver(
            person=third.user, stand_in=alice.user, first_on=in_days(0), last_on=in_days(1)
        )
        absence = hand_over_tasks(ill, by=alice, at=timezone.now())
    assert owners()[theirs.pk] == alice.user_id
    with doing(colleague):  # was not ill after all: the days are free again, as after a mistake
        end_absence(absence, by=colleague, at=timezone.now())
        with pytest.raises(MoveRefused):
            end_absence(absence, by=colleague, at=timezone.now())
        later = hand_over_tasks(replace(ill, first_on=in_days(1)), by=colleague, at=timezone.now())
        end_absence(later, by=colleague, at=timezone.now())
        with pytest.raises(PlanningRefused):  # a year by mistake
            hand_over_tasks(replace(ill, last_on=in_days(400)), by=colleague, at=timezone.now())
    assert owners() == before
    assert [go_round(days=day)[0] for day in (1, 2)] == [0, 0]


def test_open_tasks_go_along_with_the_case_and_end_with_it(world):
    country, case, _colleague = world
    alice, bob = country.alice, country.bob
    task = task_of(case, by=alice, owner=alice.user)
    handoff_at(HandoffStatus.ACCEPTED, country, case=case)

    [moved] = as_they_are(bob)
    assert (moved.organisation_id, moved.owner_id) == (bob.organisation_id, bob.user_id)
    [read] = as_they_are(alice)  # for thirty days, and no more than that
    assert read.pk == task.pk
    with doing(alice), pytest.raises(MoveRefused):
        end_task(task, to=TaskStatus.DONE, by=alice, at=timezone.now())
    with doing(alice):
        assert not Task.objects.filter(pk=task.pk).update(due_on=in_days(1))  # the second lock
    with doing(bob):
        close = {"reason": "goals_reached", "outcome": "safe_supported", "person_informed": True}
        close_case(case, **close, by=bob, at=timezone.now())
    [ended] = as_they_are(bob)
    assert (ended.status, ended.cancel_reason, ended.ended_by_id) == (
        TaskStatus.CANCELLED, "case_closed", bob.user_id,
    )  # fmt: skip
    with doing(bob), pytest.raises(MoveRefused):
        task_of(case, by=bob)


def test_the_pages_of_tasks_and_nothing_of_them_for_anybody_else(world, client):
    country, case, colleague = world
    alice = country.alice
    page = sign_in(client, alice).get(reverse("cases:planning:add_task", args=[case.pk]))
    assert page.status_code == 200
    asked = {"kind": "contact", "words": WORDS, "doer": "us", "owner": "", "due_on": "01-01-2001"}
    add = reverse("cases:planning:add_task", args=[case.pk])
    assert client.post(add, asked).status_code == 422
    asked |= {"owner": str(alice.user_id), "due_on": in_days(4).strftime("%d-%m-%Y")}
    assert client.post(add, asked).status_code == 302
    [task] = as_they_are(alice)
    file = client.get(reverse("case_file", args=[case.pk])).content.decode()
    assert WORDS in file
    listed = client.get(reverse("cases:planning:tasks")).content.decode()
    assert case.reference in listed
    assert WORDS not in listed
    assert case.reference in client.get(reverse("home")).content.decode()
    change = reverse("cases:planning:change_task", args=[task.pk])
    said = {"owner": str(colleague.user_id), "due_on": in_days(6).strftime("%d-%m-%Y")}
    assert client.get(change).status_code == 200
    assert client.post(change, said).status_code == 302
    away = reverse("cases:planning:hand_over")
    said = {
        "person": str(colleague.user_id),
        "stand_in": str(alice.user_id),
        "first_on": in_days(0).strftime("%d-%m-%Y"),
        "last_on": in_days(3).strftime("%d-%m-%Y"),
    }
    assert client.get(away).status_code == 200
    assert client.post(away, said | {"stand_in": said["person"]}).status_code == 422
    assert client.post(away, said).status_code == 302
    assert (
        "who is away"
        in client.get(
            reverse("cases:planning:tasks"), headers={"accept-language": "en"}
        ).content.decode()
    )
    end = reverse("cases:planning:end_task", args=[task.pk])
    assert client.get(end).status_code == 200
    assert client.post(end, {"reason": "done"}).status_code == 302
    [task] = as_they_are(alice)
    assert task.status == TaskStatus.DONE
    with doing(alice):
        assert Absence.objects.visible_to(alice).count() == 1
    for stranger in (country.charlie, make_member(Role.LE_POLICE), country.desk):
        sign_in(client, stranger)
        for address in (add, change, end):
            assert client.get(address).status_code == 404
