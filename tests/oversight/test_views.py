"""The inbox, the officer's screen and who opened what, through the client."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from referral.access.context import acting
from referral.audit.actions import record
from referral.audit.models import AuditEvent
from referral.notices.querysets import unread_count
from referral.organisations.roles import Role
from referral.oversight.actions import PAGE
from tests.audit.trail import events
from tests.factories.people import make_member, sign_in
from tests.notices.post_office import deliveries, go_round, notices, send, subject

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return make_member(Role.LE_POLICE)


@pytest.fixture
def bob():
    return make_member(Role.EMM_ANALYST)


@pytest.fixture
def charlie():
    return make_member(Role.ZC)


@pytest.fixture
def officer():
    return make_member(Role.FG)


def last_event() -> AuditEvent:
    return events()[-1]


def told(alice, bob, count: int = 1) -> None:
    send(alice, bob.organisation, count=count)
    go_round()


def test_the_inbox_shows_what_happened_and_is_itself_recorded(client, alice, bob):
    told(alice, bob, 2)
    shown = sign_in(client, bob).get(reverse("notices:list"))

    assert shown.status_code == 200
    assert shown.content.decode().count(str(notices()[0].sentence)) == 2
    assert last_event().action == "notices_listed"
    assert set(last_event().ids) == {str(item.pk) for item in notices()}


def test_an_empty_inbox_says_so(client, bob):
    shown = sign_in(client, bob).get(reverse("notices:list"))

    assert shown.status_code == 200
    assert shown.context["deliveries"] == []


def test_the_inbox_costs_the_same_for_one_notice_and_for_many(client, alice, bob):
    sign_in(client, bob).get(reverse("notices:list"))
    costs = []
    for count in (1, 5):
        told(alice, bob, count)
        with CaptureQueriesContext(connection) as cost:
            client.get(reverse("notices:list"))
        costs.append(len(cost))
    assert costs[0] == costs[1]


def test_opening_a_notice_marks_it_as_read_and_leads_to_its_page(client, alice, bob):
    told(alice, bob, 2)
    first, second = deliveries()
    sign_in(client, bob)
    with acting(bob, purpose="test"):
        assert unread_count(bob) == 2
    answer = client.post(reverse("notices:read", args=[first.pk]))

    assert (answer.status_code, answer["Location"]) == (302, subject().get_absolute_url())
    assert last_event().action == "notice_read"
    assert last_event().object_id == str(first.notice_id)
    with acting(bob, purpose="test"):
        assert unread_count(bob) == 1
    read_at = deliveries()[0].read_at
    client.post(reverse("notices:read", args=[first.pk]))
    assert deliveries()[0].read_at == read_at
    assert [event.action for event in events()].count("notice_read") == 1

    client.post(reverse("notices:read_all"))
    with acting(bob, purpose="test"):
        assert unread_count(bob) == 0
    assert last_event().action == "notices_read"
    assert last_event().ids == [str(second.notice_id)]
    client.post(reverse("notices:read_all"))
    assert [event.action for event in events()].count("notices_read") == 1


def test_the_notice_of_another_is_not_there(client, alice, bob, charlie):
    told(alice, bob)
    [delivery] = deliveries()
    answer = sign_in(client, charlie).post(reverse("notices:read", args=[delivery.pk]))

    assert answer.status_code == 404
    assert deliveries()[0].read_at is None
    assert sign_in(client, charlie).get(reverse("notices:list")).context["deliveries"] == []


@pytest.mark.parametrize("role", [role for role in Role if not role.startswith("service_")])
def test_the_trail_opens_for_those_who_oversee_it_and_for_nobody_else(client, role):
    sign_in(client, make_member(role))
    expected = 200 if role in {Role.FG, Role.AUDITOR} else 404

    assert client.get(reverse("audit:trail")).status_code == expected


def test_the_officer_finds_lines_by_action_organisation_object_and_period(
    client, officer, alice, bob
):
    with acting(alice, purpose="test"):
        record("signal_opened", by=alice, at=timezone.now(), on=alice.organisation)
    with acting(bob, purpose="test"):
        record("signal_judged", by=bob, at=timezone.now(), ids=["listed-7"])
    sign_in(client, officer)

    def actions(**question: object) -> list[str]:
        shown = client.get(reverse("audit:trail"), question)
        assert shown.status_code == 200
        return [line["event"].action for line in shown.context["lines"]]

    assert actions() == ["signal_judged", "signal_opened"]
    assert actions(action="signal_opened") == ["signal_opened"]
    assert actions(organisation=bob.organisation_id) == ["signal_judged"]
    assert actions(object_id=str(alice.organisation_id), action="signal_opened") == [
        "signal_opened"
    ]
    assert actions(object_id="listed-7") == ["signal_judged"]
    yesterday = timezone.localdate() - timedelta(days=1)
    assert actions(end=yesterday.isoformat()) == []
    assert last_event().action == "audit_searched"
    assert last_event().opened_details()["until"].startswith(str(timezone.localdate()))


def test_a_search_shows_names_and_a_page_at_a_time(client, officer, alice):
    with acting(alice, purpose="test"):
        for _ in range(PAGE + 1):
            record("signal_opened", by=alice, at=timezone.now())
    sign_in(client, officer)
    first = client.get(reverse("audit:trail"), {"action": "signal_opened"})

    assert len(first.context["lines"]) == PAGE
    assert alice.user.full_name in first.content.decode()
    before = first.context["before"]
    assert f"before={before}" in first.content.decode()
    second = client.get(reverse("audit:trail"), {"action": "signal_opened", "before": before})
    assert len(second.context["lines"]) == 1
    assert second.context["before"] is None


@pytest.mark.parametrize(
    "question",
    [
        {"start": "2026-02-30"},
        {"start": "2026-02-02", "end": "2026-02-01"},
        {"action": "Robert'); DROP TABLE"},
        {"object_id": "<script>"},
        {"organisation": "0"},
        {"unknown": "1"},
        {"before": "0"},
    ],
)
def test_a_question_that_cannot_be_read_is_sent_back_with_words(client, officer, question):
    shown = sign_in(client, officer).get(reverse("audit:trail"), question)

    assert shown.status_code == 200
    assert shown.context["form"].errors
    assert shown.context["lines"] == []
    assert "audit_searched" not in [event.action for event in events()]


def test_one_line_in_full_with_its_details_and_the_look_is_recorded(client, officer, alice):
    with acting(alice, purpose="test"):
        record("signal_opened", by=alice, at=timezone.now(), details={"word": "Ceylan"})
    [event] = events()
    page = sign_in(client, officer).get(reverse("audit:event", args=[event.pk]))

    assert "Ceylan" in page.content.decode()
    assert alice.user.full_name in page.content.decode()
    assert (last_event().action, last_event().object_id) == ("audit_event_opened", str(event.pk))
    assert sign_in(client, alice).get(reverse("audit:event", args=[event.pk])).status_code == 404


def test_who_may_see_an_object_sees_who_opened_it_by_role_and_never_by_name(
    client, alice, bob, charlie
):
    told(alice, bob)
    [notice] = notices()
    with acting(bob, purpose="test"), transaction.atomic():
        record("notice_read", by=bob, at=timezone.now(), on=notice)
        record("notice_read", by=bob, at=timezone.now(), on=notice, result="denied")
    page = reverse("audit:opened", args=["notices.notice", notice.pk])

    shown = sign_in(client, bob).get(page)
    assert shown.status_code == 200
    [opening] = shown.context["openings"]
    assert (opening.who, opening.organisation) == (
        str(Role.EMM_ANALYST.label),
        bob.organisation.name,
    )
    panel = shown.content.decode().partition("<main")[2]
    assert bob.user.full_name not in panel
    assert last_event().action == "openings_listed"
    assert sign_in(client, charlie).get(page).status_code == 404


@pytest.mark.parametrize(
    ("object_type", "object_id"),
    [
        ("notices.notice", "not-a-uuid"),
        ("organisations.user", "1"),
        ("pg_catalog.pg_class", "1"),
        ("notices.notice; DROP TABLE x", "1"),
        ("access.keptanswer", "1"),
        ("nothing.at_all", "1"),
    ],
)
def test_what_is_not_a_protected_object_has_no_openings(client, bob, object_type, object_id):
    with acting(bob, purpose="test"):
        record("x_opened", by=bob, at=timezone.now(), ids=[1])
    page = f"/audit/opened/{quote(object_type)}/{quote(object_id)}/"

    assert sign_in(client, bob).get(page).status_code == 404


def test_a_table_without_policies_has_no_openings_even_for_its_own_people(client, bob):
    """Its rows are seen by everyone, so its openings would be, too."""
    with acting(bob, purpose="test"):
        record("members_opened", by=bob, at=timezone.now(), on=bob.organisation)
    page = reverse("audit:opened", args=["organisations.organisation", bob.organisation_id])

    assert sign_in(client, bob).get(page).status_code == 404


def test_nobody_signed_in_sees_nothing(client):
    for name in ("notices:list", "audit:trail"):
        assert client.get(reverse(name)).status_code == 302


def test_deeds_are_not_done_by_a_link(client, alice, bob):
    told(alice, bob)
    [delivery] = deliveries()
    sign_in(client, bob)

    assert client.get(reverse("notices:read", args=[delivery.pk])).status_code == 405
    assert client.get(reverse("notices:read_all")).status_code == 405
