"""The plan, the risk and the checklist: what is refused, what stays, and what comes next."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from referral.cases.actions import close_case
from referral.cases.models import NextStep
from referral.cases.planning.actions import (
    Assessment,
    LookBack,
    Tick,
    add_goal,
    agree_plan,
    assess_risk,
    begin_review,
    evaluate_goal,
    read_planning,
    tick_line,
)
from referral.cases.planning.models import (
    Absence,
    CarePlan,
    ChecklistItem,
    ChecklistMark,
    Evaluation,
    Goal,
    RiskAssessment,
    Task,
)
from referral.cases.planning.rules import PlanningRefused, check_agreement, next_step, phase_of
from referral.cases.planning.workflow import PLAN_MOVES, PlanSide, PlanStatus
from referral.cases.rules import MoveRefused
from referral.cases.workflow import CaseStatus, HandoffStatus
from referral.organisations.roles import Role
from tests.factories.cases import case_at, colleague_of, doing, handoff_at, make_country
from tests.factories.people import make_member, sign_in
from tests.factories.planning import WORDS, in_days, plan_of, planned, risk_of, task_of

pytestmark = pytest.mark.django_db
OF_A_CASE = (Task, CarePlan, Goal, Evaluation, RiskAssessment, ChecklistMark)


@pytest.fixture(scope="module")
def made(module_db):  # noqa: ARG001
    country = make_country()
    return country, case_at(CaseStatus.ACTIVE, country)


@pytest.fixture
def world(made, db):  # noqa: ARG001
    return deepcopy(made)


def planning(case, member):
    with doing(member):
        return read_planning(case, by=member, at=timezone.now())


def test_a_plan_is_agreed_looked_back_on_and_reviewed(world):
    country, case = world
    alice, at, today = country.alice, timezone.now(), timezone.localdate()
    with doing(alice):
        with pytest.raises(PlanningRefused):
            agree_plan(case, on=today, by=alice, at=at)
        for wrong in ({"need": "gold", "words": WORDS}, {"need": "work", "words": " "}):
            with pytest.raises(PlanningRefused):
                add_goal(case, **wrong, by=alice, at=at)
    goal = plan_of(case, by=alice)
    with doing(alice):
        look = {"goal": goal, "reached": "under_way", "held_on": today, "words": WORDS}
        with pytest.raises(MoveRefused):
            evaluate_goal(LookBack(**look), by=alice, at=at)
        for day in (None, in_days(1), in_days(-9)):
            with pytest.raises(PlanningRefused):
                agree_plan(case, on=day, by=alice, at=at)
        plan = agree_plan(case, on=today, by=alice, at=at)
        assert (plan.review_on - today).days in range(89, 93)  # three calendar months
        for late in (agree_plan, add_goal):
            more = {"on": today} if late is agree_plan else {"need": "work", "words": WORDS}
            with pytest.raises(MoveRefused):
                late(case, **more, by=alice, at=at)
        for wrong in ({"reached": "x"}, {"held_on": in_days(1)}, {"words": ""}):
            with pytest.raises(PlanningRefused):
                evaluate_goal(LookBack(**look | wrong), by=alice, at=at)
        evaluate_goal(LookBack(**look), by=alice, at=at)
        begin_review(case, by=alice, at=at)
        with pytest.raises(MoveRefused):
            begin_review(case, by=alice, at=at)
        add_goal(case, need="work", words=WORDS, by=alice, at=at)
        agree_plan(case, on=today, by=alice, at=at)
    reviewed = CarePlan(begun_at=at - timedelta(days=90), agreed_on=in_days(-30))
    assert check_agreement(reviewed, in_days(-30), 1, today=today) == in_days(-30)
    with pytest.raises(PlanningRefused):  # nobody agrees anew before the last time
        check_agreement(reviewed, in_days(-31), 1, today=today)
    read = planning(case, alice)
    assert sorted((one.words, len(one.evaluations)) for one in read.goals) == [
        (WORDS, 0),
        (WORDS, 1),
    ]


def test_a_risk_names_its_factors_and_the_day_to_look_again_and_keeps_those_before(world):
    country, case = world
    alice = country.alice
    right = {
        "case": case, "level": "high", "factors": ["debt"], "words": WORDS,
        "review_on": in_days(30),
    }  # fmt: skip
    with doing(alice):
        for wrong in (
            {"level": "x"}, {"factors": []}, {"factors": ["x"]}, {"words": ""},
            {"review_on": None}, {"review_on": in_days(0)}, {"review_on": in_days(200)},
        ):  # fmt: skip
            with pytest.raises(PlanningRefused):
                assess_risk(Assessment(**right | wrong), by=alice, at=timezone.now())
    risk_of(case, by=alice)
    risk_of(case, by=alice, level="low", days=10)
    read = planning(case, alice)
    assert [one.risk.level for one in read.risks] == ["low", "high"]
    day = in_days(11)
    with doing(alice):
        assert [r.level for r in RiskAssessment.objects.visible_to(alice).overdue(alice, day)] == [
            "low"  # the one before was replaced
        ]
    with doing(country.bob):
        assert not RiskAssessment.objects.visible_to(country.bob).overdue(country.bob, day)


def test_a_line_is_ticked_or_set_aside_with_a_reason_and_opened_again(world):
    country, case = world
    alice, at = country.alice, timezone.now()
    with doing(alice):
        for wrong in (
            {"code": "nothing"},
            {"code": "shelter", "mark": "maybe"},
            {"code": "shelter", "mark": "not_applicable"},
            {"code": "shelter", "reason": "not_needed"},
        ):
            with pytest.raises(PlanningRefused):
                tick_line(Tick(case=case, **wrong), by=alice, at=at)
        intake = ChecklistItem.objects.visible_to(alice).filter(phase="intake")
        skip = {"mark": "not_applicable", "reason": "elsewhere"}
        for item in intake:
            tick_line(Tick(case=case, code=item.code, **skip), by=alice, at=at)
    situation = planning(case, alice).situation
    assert phase_of(situation.items, situation.marks) == "first_weeks"
    with doing(alice):
        later = at + timedelta(seconds=1)
        tick_line(Tick(case=case, code="shelter", mark="open_again"), by=alice, at=later)
    situation = planning(case, alice).situation
    assert phase_of(situation.items, situation.marks) == "intake"


def test_the_next_step_is_what_is_due_first_and_who_has_it(world):
    country, case = world
    alice = country.alice

    def step():
        found = next_step(planning(case, alice).situation)
        return found.source.name, found.due

    source, due = step()  # first contact, by its term
    assert (source, due) == ("CASE", case.next_deadline_on)
    declined = planning(case, alice).situation
    declined.case.next_step = "review_plan"  # as a case that came back from an offer says
    back = next_step(declined)
    assert (back.words, back.due, back.part) == (
        str(NextStep.FIRST_CONTACT.label), case.next_deadline_on, "checklist",
    )  # fmt: skip
    task_of(case, by=alice, days=0)
    assert step() == ("TASK", in_days(0))
    risk_of(case, by=alice, days=1)
    with doing(alice):
        [task] = Task.objects.visible_to(alice)
        Task.objects.filter(pk=task.pk).update(due_on=in_days(1))
    assert step() == ("RISK", in_days(1))  # of two on one day the risk goes first
    situation = planning(case, alice).situation
    situation.case.next_step_by = country.desk.organisation
    assert next_step(situation).source.name == "CASE"  # we wait for somebody else
    plan_of(case, by=alice, agreed=True)
    empty = planning(case, alice).situation
    for name in ("tasks", "items"):
        object.__setattr__(empty, name, [])
    object.__setattr__(empty, "risk", None)
    empty.case.next_step, empty.case.next_step_by = "review_plan", case.owner_organisation
    assert next_step(empty).due == empty.plan.review_on


def test_a_closed_or_handed_over_case_is_read_only_and_the_plan_closes_with_it(world):
    country, case = world
    alice, bob = country.alice, country.bob
    planned(case, by=alice)
    handoff_at(HandoffStatus.ACCEPTED, country, case=case)
    assert planning(case, alice).goals  # reads on for thirty days
    with doing(bob):
        close = {"reason": "goals_reached", "outcome": "safe_supported", "person_informed": True}
        close_case(case, **close, by=bob, at=timezone.now())
        assert CarePlan.objects.visible_to(bob).get(case=case).status == PlanStatus.CLOSED
    deeds = (
        lambda by: plan_of(case, by=by),
        lambda by: risk_of(case, by=by),
        lambda by: task_of(case, by=by),
        lambda by: tick_line(Tick(case=case, code="shelter"), by=by, at=timezone.now()),
    )
    for member in (alice, bob):
        for deed in deeds:
            with pytest.raises(MoveRefused), doing(member):
                deed(member)
        with doing(member):  # the second lock: rows that can be read cannot be written
            assert not CarePlan.objects.filter(case=case).update(status="review")
            assert not Task.objects.filter(case=case).update(due_on=in_days(1))


def test_police_and_expert_centre_never_see_care_under_either_lock(world):
    country, case = world
    planned(case, by=country.alice)
    outside = [country.officer, country.desk, country.charlie]
    outside += [make_member(role) for role in (Role.EMM_ANALYST, Role.LE_KMAR, Role.SHELTER_WORKER)]
    for member in outside:
        with doing(member):
            for model in (*OF_A_CASE, Absence):
                assert not model.objects.all(), (member.role, model)
                assert not model.objects.visible_to(member), (member.role, model)


def test_the_moves_of_the_database_are_those_of_the_table(world):
    """Every pair of statuses, by who works on the case."""
    country, case = world
    alice = country.alice
    plan_of(case, by=alice)
    days = {"agreed_on": in_days(0), "review_on": in_days(9)}
    moved = set()
    for start in PlanStatus:
        for goal in PlanStatus:
            with transaction.atomic():
                as_guard(
                    lambda start=start: CarePlan.objects.update(
                        status=start, **days_of(start, days)
                    )
                )
                try:
                    with transaction.atomic(), doing(alice):
                        CarePlan.objects.update(status=goal, **days_of(goal, days))
                    moved.add((start, goal))
                except IntegrityError as refused:
                    if "plan_moves_only_along_its_table" not in str(refused):
                        raise
                transaction.set_rollback(True)

    assert moved == {
        (start, goal)
        for start, goals in PLAN_MOVES.items()
        for goal, sides in goals.items()
        if PlanSide.WORKER in sides
    }


def days_of(status, days):
    return days if status != PlanStatus.DRAFT else dict.fromkeys(days)


def as_guard(change):
    """As the role to which no policy says no, and which moves what follows a case."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
        change()
        cursor.execute("SET LOCAL ROLE baken_web")


def led_back_from(client, page):
    """The reason that is told to who opens a form in vain."""
    answer = client.get(page)
    assert answer.status_code == 302
    return str([*get_messages(answer.wsgi_request)][-1])


def test_the_pages_of_plan_risk_and_checklist(world, client):
    country, case = world
    alice = country.alice
    sign_in(client, alice)
    day = "%d-%m-%Y"
    agree = reverse("cases:planning:agree_plan", args=[case.pk])
    assert led_back_from(client, agree) == "Schrijf eerst minstens één doel op."
    done = {
        "add_goal": {"need": "housing", "words": WORDS},
        "agree_plan": {"agreed_on": in_days(0).strftime(day)},
        "assess_risk": {
            "level": "acute", "factors": ["threats"], "words": "Seen near the house.",
            "review_on": in_days(2).strftime(day),
        },
    }  # fmt: skip
    for name, answers in done.items():
        page = reverse(f"cases:planning:{name}", args=[case.pk])
        shown = client.get(page)
        assert shown.status_code == 200
        assert (WORDS in shown.content.decode()) == (name == "agree_plan")  # what is agreed on
        assert client.post(page, dict.fromkeys(answers, "")).status_code == 422
        assert client.post(page, answers).status_code == 302
    assert client.get(agree).url == case.part_url("plan"), "it is agreed"
    tick = reverse("cases:planning:tick_line", args=[case.pk])
    client.post(tick, {"code": "shelter", "mark": "not_applicable", "reason": ""})
    client.post(tick, {"code": "first_contact", "mark": "done"})
    [goal] = planning(case, alice).goals
    look = reverse("cases:planning:evaluate_goal", args=[goal.goal.pk])
    said = {"reached": "reached", "held_on": in_days(0).strftime(day), "words": "It went well."}
    assert WORDS in client.get(look).content.decode()
    assert client.post(look, said).status_code == 302
    for late in (agree, reverse("cases:planning:add_goal", args=[case.pk])):
        assert "plan is" in led_back_from(client, late)
    client.post(reverse("cases:planning:begin_review", args=[case.pk]))

    read = planning(case, alice)
    assert read.situation.plan.status == PlanStatus.REVIEW
    assert list(read.situation.marks) == ["first_contact"]
    with CaptureQueriesContext(connection) as queries:
        file = client.get(reverse("case_file", args=[case.pk])).content.decode()
    told = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(told) <= 15, "\n".join(told)
    for words in (WORDS, "Seen near the house.", "It went well.", "Eerste contact gelegd"):
        assert words in file
    with doing(alice):
        as_guard(
            lambda: RiskAssessment.objects.update(assessed_on=in_days(-9), review_on=in_days(-1))
        )
    for page in ("cases:list", "home"):  # overdue is seen where the day begins
        assert "#risk" in client.get(reverse(page)).content.decode()


def test_who_was_overtaken_sees_both_assessments_and_loses_neither(world, client):
    country, case = world
    alice = country.alice
    sign_in(client, alice)
    page = reverse("cases:planning:assess_risk", args=[case.pk])
    mine = {
        "level": "low", "words": "Sleeps well.", "review_on": in_days(9).strftime("%d-%m-%Y"),
        "seen": client.get(page).context["form"]["seen"].value(),
    }  # fmt: skip
    colleague = risk_of(case, by=colleague_of(alice))
    both = client.post(page, mine)
    assert both.status_code == 422
    shown = both.content.decode()
    for words in ("Sleeps well.", WORDS, colleague.written_by.full_name):
        assert words in shown
    assert [one.risk.pk for one in planning(case, alice).risks] == [colleague.pk]
    again = mine | {"seen": both.context["form"]["seen"].value()}
    assert client.post(page, again).status_code == 302
    assert [one.words for one in planning(case, alice).risks] == ["Sleeps well.", WORDS]
