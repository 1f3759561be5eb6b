"""Alice's system sends and reads, Bob's of the same organisation reads, Charlie's sees nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from referral.access.context import acting
from referral.audit.models import AuditEvent
from referral.notices.models import Notice
from referral.organisations.roles import Role
from signals.actions import judge_signal, take_up_signal
from signals.workflow import INSIDE, Status, Verdict
from tests.factories.clients import make_partner
from tests.factories.people import make_member
from tests.factories.signals import make_signal, signal_at
from tests.signals.api.papers import SIGNAL, check, check_problem, paper

pytestmark = pytest.mark.django_db
SIGNALS = "/v1/signalen"
BULK = f"{SIGNALS}/bulk"


def trail(action):
    with acting(make_member(Role.AUDITOR), purpose="test"):
        return list(AuditEvent.objects.filter(action=action))


def test_what_one_sends_the_organisation_reads_and_nobody_else(alice, bob, charlie):
    sent = alice.send(SIGNAL)
    address = f"{SIGNALS}/{sent.json()['id']}"

    for reader in (alice, bob):
        answer = reader.get(address)
        check(answer, "/signalen/{id}", "get")
        assert answer.json()["feiten"] == SIGNAL["feiten"]
        assert [one["id"] for one in reader.get(SIGNALS).json()["signalen"]] == [sent.json()["id"]]
    assert charlie.get(SIGNALS).json()["signalen"] == []
    nowhere = f"{SIGNALS}/0190163d-8694-739b-aea5-966c26f8ad91"
    for path in ("", "/status"):
        foreign, none = charlie.get(address + path), charlie.get(nowhere + path)
        check_problem(foreign, 404)
        assert foreign.content == none.content


def test_a_front_line_system_and_a_partner_of_care_read_their_own():
    town = make_partner(Role.MUNI_REPORTER)
    other = make_partner(Role.MUNI_REPORTER, organisation=town.member.organisation)
    sent = town.send(SIGNAL).json()["id"]

    assert town.get(f"{SIGNALS}/{sent}").status_code == 200
    check_problem(other.get(f"{SIGNALS}/{sent}"), 404)
    ngo = make_partner(Role.PARTNER_NGO)
    check_problem(ngo.get(f"{SIGNALS}/{sent}"), 404)
    own = ngo.send({**SIGNAL, "toestemming": "nee"}).json()["id"]
    assert ngo.get(f"{SIGNALS}/{own}").status_code == 200


def test_sending_and_reading_stand_in_the_trail_and_emm_hears_of_it(alice):
    analyst = make_member(Role.EMM_ANALYST)
    sent = alice.send(SIGNAL).json()["id"]
    alice.get(SIGNALS)
    alice.get(f"{SIGNALS}/{sent}")
    alice.get(f"{SIGNALS}/{sent}/status")

    for action in ("signal_submitted", "signal_opened", "signal_status_read"):
        [line] = trail(action)
        assert (line.object_id, line.actor_id) == (sent, alice.member.user_id)
    [line] = trail("signals_listed")
    assert line.ids == [sent]
    with acting(analyst, purpose="test"):
        assert Notice.objects.filter(object_id=sent).count() == 1


def test_a_foreign_signal_that_is_asked_for_stands_in_the_trail(alice, charlie):
    sent = alice.send(SIGNAL).json()["id"]

    charlie.get(f"{SIGNALS}/{sent}")

    [line] = trail("request_refused")
    assert (line.actor_id, line.result) == (charlie.member.user_id, "refused 404")


def test_the_same_request_twice_is_one_signal_and_one_answer(alice):
    first, again = (alice.send(SIGNAL, key="a-key-of-my-own") for _ in range(2))

    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert first["Location"].endswith(f"/v1/signalen/{first.json()['id']}")
    assert first["Location"] == again["Location"]
    assert len(trail("signal_submitted")) == 1


def test_a_key_for_another_request_is_a_conflict(alice, charlie):
    alice.send(SIGNAL, key="a-key-of-my-own")

    check_problem(alice.send(paper(acuutGevaar=True), key="a-key-of-my-own"), 409)
    check_problem(alice.send({"signalen": [SIGNAL]}, BULK, key="a-key-of-my-own"), 409)
    assert charlie.send(paper(sector="horeca"), key="a-key-of-my-own").status_code == 201


def test_what_was_refused_may_be_mended_under_the_same_key(alice):
    check_problem(alice.send(paper(vormen=[]), key="a-key-of-my-own"), 400)

    assert alice.send(SIGNAL, key="a-key-of-my-own").status_code == 201


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "with spaces in it", "né-né-né-né"])
def test_a_request_without_a_good_key_does_nothing(alice, key):
    answer = alice.web.post(
        SIGNALS,
        SIGNAL,
        content_type="application/json",
        headers=alice.headers(**({"idempotency-key": key} if key else {})),
    )

    said = check_problem(answer, 400)
    assert said["errors"][0]["location"] == {"name": "Idempotency-Key"}
    assert not trail("signal_submitted")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("status", "doorgezet"),
        ("reporter_organisation", 1),
        ("kanaal", "web"),
        ("created_at", "2020-01-01"),
        ("id", "0190163d-8694-739b-aea5-966c26f8ad91"),
        ("danger", True),
        ("idempotency_key", "x"),
        ("__class__", {}),
        ("a/b~c", 1),
    ],
)
def test_a_name_that_is_not_asked_for_is_refused(alice, name, said):
    answer = alice.send({**SIGNAL, name: said})

    [mistake] = check_problem(answer, 400)["errors"]
    assert mistake["location"]["pointer"].endswith(name.replace("~", "~0").replace("/", "~1"))
    assert not trail("signal_submitted")


@pytest.mark.parametrize(
    "changes",
    [
        {"acuutGevaar": "ja"},
        {"vormen": "arbeidsuitbuiting"},
        {"vormen": ["labour"]},
        {"vormen": [["arbeidsuitbuiting"]]},
        {"feiten": 7},
        {"gemeente": None},
        {"soortPlek": {}},
        {"waargenomen": "gisteren"},
        {"aantalSlachtoffers": True},
        {"aantalSlachtoffers": 1.5},
        {"aantalSlachtoffers": -1},
        {"aantalSlachtoffers": 10**40},
        {"personen": None},
    ],
)
def test_a_value_of_another_kind_is_refused_at_its_place(alice, changes):
    [mistake] = check_problem(alice.send(paper(**changes)), 400)["errors"]

    assert mistake["location"] == {"pointer": f"/{next(iter(changes))}"}


@pytest.mark.parametrize(
    "body",
    ["", "{", "null", "[]", '"x"', "7", '{"a": NaN}', "[" * 100_000, b"\xff\xfe", '{"feiten": "\\ud800"}',
     '{"vormen": [], "vormen": []}'],
)  # fmt: skip
def test_a_body_that_is_no_signal_is_refused_in_words(alice, body):
    check_problem(alice.send(body), 400)
    check_problem(alice.send(body, BULK), 400)


def test_pages_follow_one_another_also_when_signals_come_in_meanwhile(alice):
    now = timezone.now()
    sent = [make_signal(by=alice.member, at=now).pk for _ in range(5)]  # all at one moment
    seen, address = [], f"{SIGNALS}?aantal=2"
    while address:
        answer = alice.get(address)
        check(answer, "/signalen", "get")
        seen += [one["id"] for one in answer.json()["signalen"]]
        address = answer.json()["_links"].get("next", {}).get("href", "")
        make_signal(by=alice.member)

    assert seen == [str(pk) for pk in sorted(sent, reverse=True)]


def test_a_list_is_narrowed_by_status_and_by_moment(alice):
    three_days_ago = timezone.now() - timedelta(days=3)
    old = make_signal(by=alice.member, at=three_days_ago, observed=None)
    new = signal_at(Status.TRIAGE, by=alice.member)
    since = (timezone.now() - timedelta(days=1)).isoformat()

    def ids(**query):
        return [one["id"] for one in alice.get(SIGNALS, query).json()["signalen"]]

    assert ids() == [str(new.pk), str(old.pk)]
    assert ids(status="ontvangen") == [str(old.pk)]
    assert ids(status="in_beoordeling", ontvangenVanaf=since) == [str(new.pk)]
    assert ids(ontvangenVanaf=since) == [str(new.pk)]
    assert ids(status="afgesloten") == []


@pytest.mark.parametrize("status", INSIDE)
def test_what_the_expert_centre_keeps_to_itself_is_in_triage(alice, status):
    signal = signal_at(status, by=alice.member)

    [told] = alice.get(SIGNALS, {"status": "in_beoordeling"}).json()["signalen"]
    alone = alice.get(f"{SIGNALS}/{signal.pk}").json()

    assert (told["id"], told["status"]) == (str(signal.pk), "in_beoordeling")
    assert (alone["status"], alone["uitkomst"]) == ("in_beoordeling", None)


@pytest.mark.parametrize(
    "query",
    [
        {"aantal": "0"},
        {"aantal": "101"},
        {"aantal": "-1"},
        {"aantal": "²"},
        {"aantal": ""},
        {"status": "received"},
        {"status": ["ontvangen", "afgesloten"]},
        {"ontvangenVanaf": "gisteren"},
        {"ontvangenVanaf": "2026-01-01"},
        {"ontvangenVanaf": "2026-01-01T00:00:00"},
        {"ontvangenVanaf": "2026-13-01T00:00:00Z"},
        {"ontvangenVanaf": "0001-01-01T00:00:00+14:00"},
        {"cursor": "x"},
        {"cursor": "é"},
        {"cursor": "MjAyNi0wMS0wMXx4"},
        {"page": "2"},
    ],
)
def test_a_query_that_is_not_understood_is_refused(alice, query):
    said = check_problem(alice.get(SIGNALS, query), 400)

    assert said["errors"][0]["location"] == {"name": next(iter(query))}


def test_what_has_not_changed_is_not_sent_again(alice):
    signal = make_signal(by=alice.member)
    address = f"{SIGNALS}/{signal.pk}"
    first = alice.get(address)

    again = alice.get(address, **{"if-none-match": first["ETag"]})

    check(again, "/signalen/{id}", "get")
    assert (again.status_code, again["ETag"]) == (304, first["ETag"])
    assert len(trail("signal_opened")) == len(trail("signal_status_read")) == 1
    assert alice.get(address, **{"if-none-match": '"another"'}).status_code == 200


def test_what_has_changed_is_sent_again(alice):
    signal = make_signal(by=alice.member)
    address = f"{SIGNALS}/{signal.pk}"
    before = alice.get(address)["ETag"]
    judge(signal)

    after = alice.get(address, **{"if-none-match": before})

    assert after.status_code == 200
    assert (after.json()["status"], after.json()["uitkomst"]) == ("gevolgd", "gevolgd")


def judge(signal):
    analyst = make_member(Role.EMM_ANALYST)
    with acting(analyst, purpose="test"):
        now = timezone.now()
        take_up_signal(signal, by=analyst, at=now)
        judge_signal(
            signal, verdict=Verdict.MONITORED, motivation="Secret words.", by=analyst, at=now
        )


def test_of_the_judgement_a_reporter_hears_the_code_alone(alice):
    signal = make_signal(by=alice.member)
    address = f"{SIGNALS}/{signal.pk}/status"
    assert alice.get(address).json() == {"uitkomst": None}
    judge(signal)

    answer = alice.get(address)

    check(answer, "/signalen/{id}/status", "get")
    assert answer.json() == {"uitkomst": "gevolgd"}
    for path in (address, f"{SIGNALS}/{signal.pk}", SIGNALS):
        assert "Secret" not in alice.get(path).content.decode()


def test_of_many_lines_the_good_ones_come_in_and_each_hears_its_own(alice):
    lines = [SIGNAL, paper(vormen=[]), 7, paper(gemeente="GM0599"), paper(extra=1)]

    answer = alice.send({"signalen": lines}, BULK, key="a-key-of-my-own")

    check(answer, "/signalen/bulk", "post")
    said = answer.json()
    assert (said["aangenomen"], said["geweigerd"]) == (2, 3)
    assert [line["status"] for line in said["regels"]] == [201, 400, 400, 201, 400]
    places = [
        line["errors"][0]["location"]["pointer"] for line in said["regels"] if "errors" in line
    ]
    assert places == ["/signalen/1/vormen", "/signalen/2", "/signalen/4/extra"]
    got = alice.get(f"{SIGNALS}/{said['regels'][3]['signaal']['id']}").json()
    assert got["gemeente"] == "GM0599"
    assert alice.send({"signalen": lines}, BULK, key="a-key-of-my-own").content == answer.content
    assert len(trail("signal_submitted")) == 2


def test_lines_that_are_all_wrong_bring_nothing(alice):
    answer = alice.send({"signalen": [7]}, BULK)

    assert (answer.status_code, answer.json()["aangenomen"]) == (200, 0)
    assert not trail("signal_submitted")


@pytest.mark.parametrize(
    "body", [{}, {"signalen": []}, {"signalen": {}}, {"signalen": [7] * 1001}, {"signalen": [7], "x": 1}]
)  # fmt: skip
def test_a_bulk_of_none_or_too_many_is_refused_whole(alice, body):
    check_problem(alice.send(body, BULK), 400)


def statements(ask):
    """What is asked of the database; the brackets of transactions are the test's own."""
    ask()
    with CaptureQueriesContext(connection) as asked:
        assert ask().status_code == 200
    said = [query["sql"] for query in asked]
    return [sql for sql in said if "SAVEPOINT" not in sql]


def test_a_page_of_a_hundred_costs_what_a_page_of_fifty_costs(alice):
    assert alice.send({"signalen": [SIGNAL] * 101}, BULK).json()["aangenomen"] == 101

    fifty = statements(lambda: alice.get(SIGNALS, {"aantal": "50"}))
    hundred = statements(lambda: alice.get(SIGNALS, {"aantal": "100"}))

    assert len(fifty) == len(hundred) <= 8, "\n".join(hundred)


def test_a_bulk_costs_the_same_however_many_there_are(alice):
    ten = statements(lambda: alice.send({"signalen": [SIGNAL] * 10}, BULK))
    forty = statements(lambda: alice.send({"signalen": [SIGNAL] * 40}, BULK))

    assert len(ten) == len(forty)
