"""Who is overtaken by a colleague sees both versions, and overwrites nothing unseen."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from referral.cases.actions import Proposal, plan_next_step, save_draft
from referral.cases.models import Case, Handoff, HandoffReason
from referral.cases.planning.actions import Tick, change_task, tick_line
from referral.cases.planning.models import ChecklistMark, Task
from referral.cases.regions.actions import set_capacity
from referral.cases.regions.models import Capacity
from referral.cases.regions.rules import Setting
from referral.cases.workflow import CaseStatus
from referral.residence import actions as residence
from referral.residence.models import EndReason
from tests.factories.cases import case_at, colleague_of, doing, make_country
from tests.factories.people import sign_in
from tests.factories.planning import in_days, plan_of, task_of
from tests.factories.residence import make_liaison, registration_of, running

pytestmark = pytest.mark.django_db
SOON = in_days(9).strftime("%d-%m-%Y")
TODAY = in_days(0).strftime("%d-%m-%Y")


@pytest.fixture
def scene(client):
    country = make_country()
    sign_in(client, country.alice)
    with translation.override("en"):
        yield country, case_at(CaseStatus.ACTIVE, country), colleague_of(country.alice)


def overtaken(client, page, mine, *, by, deed, shows):
    """The page is opened, a colleague does the same first, and the page is sent: both stand there.

    What is sent again was seen, and the answer to that is returned.
    """
    opened = client.get(page)
    sent = mine | {"seen": opened.context["form"]["seen"].value() or ""}
    with doing(by):
        deed()
    both = client.post(page, sent, headers={"accept-language": "en"})
    assert both.status_code == 422
    shown = both.text
    assert "What your colleague kept" in shown
    for words in (*shows, *mine.values()):
        assert str(words) in shown
    return client.post(page, sent | {"seen": both.context["form"]["seen"].value()})


def test_each_deed_of_planning_that_changes_something_shows_both(client, scene):
    country, case, colleague = scene
    now = timezone.now()
    task = task_of(case, by=country.alice, owner=country.alice.user)

    def by_address(name, one):
        return reverse(f"cases:planning:{name}", args=[one.pk])

    done = overtaken(
        client,
        by_address("change_task", task),
        {"owner": "", "due_on": SOON},
        by=colleague,
        deed=lambda: change_task(
            task, owner=colleague.user, due_on=task.due_on, by=colleague, at=now
        ),
        shows=[str(colleague.user)],
    )
    assert done.status_code == 302
    plan_of(case, by=country.alice)
    done = overtaken(
        client,
        by_address("agree_plan", case),
        {"agreed_on": TODAY},
        by=colleague,
        deed=lambda: plan_of(case, by=colleague, words="A dog."),
        shows=["A dog."],
    )
    assert done.status_code == 302

    # A line is ticked by a button of the file, which then says what stands there.
    ticked = {"code": "first_contact", "mark": "done", "seen": ""}
    with doing(colleague):
        tick = Tick(case=case, code="first_contact", mark="not_applicable", reason="not_wanted")
        tick_line(tick, by=colleague, at=now)
    answer = client.post(
        by_address("tick_line", case), ticked, follow=True, headers={"accept-language": "en"}
    )
    assert "A colleague kept another version" in answer.text
    with doing(country.alice):
        assert Task.objects.get().owner is None
        assert ChecklistMark.objects.get().mark == "not_applicable"


def test_the_next_step_and_the_draft_of_a_handoff_show_both(client, scene):
    country, case, colleague = scene
    now = timezone.now()
    done = overtaken(
        client,
        reverse("cases:plan_next_step", args=[case.pk]),
        {"step": "ask_consent", "deadline": SOON},
        by=colleague,
        deed=lambda: plan_next_step(
            case, step="request_shelter", deadline=in_days(3), by=colleague, at=now
        ),
        shows=[str(in_days(3).year)],
    )
    assert done.status_code == 302
    proposal = Proposal(
        case=case, care_region=country.there, reason=HandoffReason.SAFETY, sections=["summary"]
    )
    mine = {
        "care_region": country.there.pk, "reason": "moved", "sections": "consents",
        "victim_informed": "yes", "later": "yes",
    }  # fmt: skip
    done = overtaken(
        client,
        reverse("cases:offer_handoff", args=[case.pk]),
        mine,
        by=colleague,
        deed=lambda: save_draft(proposal, by=colleague, at=now),
        shows=[str(country.there), str(colleague.user)],
    )
    assert done.status_code == 302
    with doing(country.alice):
        assert Case.objects.get(pk=case.pk).next_step == "ask_consent"
        assert Handoff.objects.get().reason == "moved"


def test_a_region_and_a_line_of_a_residence_file_show_both(client, scene):
    country, case, _colleague = scene
    sign_in(client, country.desk)
    now, today = timezone.now(), timezone.localdate()
    second = colleague_of(country.desk)
    said = {"coverage": "own", "fte": "2", "age_split": "none", "valid_from": TODAY}
    setting = Setting(
        care_region=country.here, coverage="own", fte=7, age_split="none", valid_from=today
    )
    done = overtaken(
        client,
        reverse("cases:regions:capacity", args=[country.here.pk]),
        said,
        by=second,
        deed=lambda: set_capacity(setting, by=second, at=now),
        shows=["7"],
    )
    assert done.status_code == 302
    make_liaison()
    began = today - timedelta(days=20)
    file = running(registration_of(case), officer=country.officer, starts_on=began)
    sign_in(client, country.officer)
    second = colleague_of(country.officer)
    ended = {"on": TODAY, "reason": "waived"}
    done = overtaken(
        client,
        reverse("residence:move", args=[file.pk, "reflection", "ended"]),
        ended,
        by=second,
        deed=lambda: residence.end_reflection(
            file, reason=EndReason.LEFT_UNKNOWN, on=today, by=second, at=now
        ),
        shows=[str(second.user)],
    )
    assert done.status_code == 422  # seen, and there is nothing more to end
    with doing(country.desk):
        assert Capacity.objects.get().fte == 2
