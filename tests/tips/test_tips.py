"""A citizen tells what was seen, comes back with a code, and leaves no trace."""

import re

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from referral.access.context import acting, service
from referral.audit.models import AuditEvent
from referral.notices.kinds import Kind
from referral.organisations.roles import OrganisationType, Role
from signals.actions import ask_question, judge_signal, open_signal, take_up_signal
from signals.models import Channel, Signal
from signals.tips.actions import CODES, TIPS, count
from signals.tips.models import Tip
from signals.tips.rules import TooOften, hashed
from signals.workflow import Status, Verdict
from tests.factories.people import make_member, make_organisation, sign_in
from tests.notices.post_office import deliveries, go_round, notices

pytestmark = pytest.mark.django_db
ADDRESS, BROWSER = "203.0.113.77", "Canarybrowser/7.0"
TOLD = "Behind the bakery three men sleep in a van, canaryword."
SEND, FOLLOW = reverse("tips:send"), reverse("tips:follow")
FILLED = {"danger": "no", "facts": TOLD, "idempotency_key": "page-1"}


@pytest.fixture(autouse=True)
def fresh():
    make_organisation(OrganisationType.EMM)
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def citizen(client):
    client.defaults.update({"REMOTE_ADDR": ADDRESS, "HTTP_USER_AGENT": BROWSER})
    return client


@pytest.fixture
def gijs():
    return make_member(Role.EMM_ANALYST, name="Gijs")


def code_of(page):
    return re.search(r"\b(\d{4}\s\d{4}\s\d{4}\s\d{4})\b", page.content.decode())[1]


def told():
    tips = service(Role.SERVICE_TIPS)
    with acting(tips, purpose="test"):
        return Signal.objects.visible_to(tips).get()


def said(page):
    return page.content.decode()


def test_two_answers_make_a_signal_for_the_desk_and_a_code(citizen, gijs):
    page = citizen.post(SEND, FILLED)
    signal = told()

    assert (page.status_code, page["Cache-Control"]) == (200, "no-store")
    assert "sessionid" not in page.cookies
    assert (signal.channel, signal.municipality, signal.forms) == (
        Channel.CITIZEN, None, ["unknown"],
    )  # fmt: skip
    with acting(gijs, purpose="test"):
        assert list(Signal.objects.visible_to(gijs).awaiting_triage()) == [signal]
        assert open_signal(signal, by=gijs, at=timezone.now()).facts == TOLD
    assert [n.kind for n in notices()] == [Kind.SIGNAL_RECEIVED]
    # The queue and the page of the desk show it as any other.
    sign_in(citizen, gijs)
    assert signal.reference in said(citizen.get(reverse("signals:triage")))
    assert "Tip of a citizen" in said(citizen.get(signal.get_absolute_url()))


def test_all_that_is_known_comes_along(citizen, gijs):
    answers = FILLED | {
        "danger": "yes", "what": ["labour"], "municipality": "GM0363", "place_kind": "farm",
        "observed": "gisteren", "people": ["boy"], "loose_1": "AB-123-C", "loose_3": "a blue van",
    }  # fmt: skip
    page = citizen.post(SEND, answers)
    signal = told()

    assert said(page).count("tel:112") == 1
    assert (signal.danger, signal.minors, signal.municipality_id) == (True, True, "GM0363")
    with acting(gijs, purpose="test"):
        details = open_signal(signal, by=gijs, at=timezone.now()).details
    assert details == {"1": "AB-123-C", "3": "a blue van"}


def test_a_form_that_is_not_complete_comes_back_with_what_was_typed(citizen):
    page = citizen.post(SEND, {"facts": TOLD, "idempotency_key": "a"})

    assert page.status_code == 422
    assert TOLD in said(page)
    assert "Answer this question." in said(page)
    assert "?:" not in said(page)
    assert citizen.post(SEND, FILLED | {"idempotency_key": ""}).status_code == 422
    assert citizen.post(SEND, FILLED | {"observed": "31-12-2999"}).status_code == 422


def test_sent_twice_it_is_one_tip_with_one_code_and_changed_it_is_another(citizen):
    first, again = (code_of(citizen.post(SEND, FILLED)) for _ in range(2))
    other = code_of(citizen.post(SEND, FILLED | {"facts": "Something else."}))

    assert first == again != other
    with acting(service(Role.SERVICE_TIPS), purpose="test"):
        assert Tip.objects.count() == 2


def test_with_the_code_the_citizen_follows_answers_and_adds(citizen, gijs):
    code = code_of(citizen.post(SEND, FILLED))
    page = citizen.post(FOLLOW, {"code": "".join(code.split()), "idempotency_key": "f"})
    assert "Received" in said(page)
    assert TOLD not in said(page)

    add = {"code": code, "text": "The van is blue.", "idempotency_key": "g"}
    assert "What you added has been sent" in said(citizen.post(reverse("tips:add"), add))
    citizen.post(reverse("tips:add"), add)
    empty = citizen.post(reverse("tips:add"), add | {"text": " "})
    assert empty.status_code == 422
    signal = told()
    with acting(gijs, purpose="test"):
        opened = open_signal(signal, by=gijs, at=timezone.now())
        assert [d.facts for d in opened.deepenings] == ["The van is blue."]
        take_up_signal(signal, by=gijs, at=timezone.now())
        ask_question(signal, question="Which street?", by=gijs, at=timezone.now())
    assert [n.kind for n in notices()].count(Kind.TIP_ADDED) == 1

    page = said(citizen.post(FOLLOW, {"code": code}))
    assert "Question to the reporter" in page
    assert "Which street?" in page
    refused = citizen.post(reverse("tips:add"), add | {"text": "More."})
    assert "Nothing can be added to this tip now" in said(refused)
    answer = {"code": code, "answer": "The Dorpsstraat.", "idempotency_key": "h"}
    assert "Your answer has been sent" in said(citizen.post(reverse("tips:answer"), answer))
    assert told().status == Status.TRIAGE
    twice = citizen.post(reverse("tips:answer"), answer)
    assert "no open question" in said(twice)
    with acting(gijs, purpose="test"):
        signal = Signal.objects.get(pk=signal.pk)
        judge_signal(
            signal, verdict=Verdict.FORWARDED, motivation="Enough.", by=gijs, at=timezone.now()
        )
    page = said(citizen.post(FOLLOW, {"code": code}))
    assert "Forwarded for investigation" in page
    assert "Enough." not in page
    go_round()
    assert "tips" not in {d.user.email.partition("_")[2] for d in deliveries("mail")}


def test_a_wrong_code_is_told_apart_from_nothing_and_soon_from_no_other(citizen):
    code = code_of(citizen.post(SEND, FILLED))
    wrong = {said(citizen.post(FOLLOW, {"code": c, "idempotency_key": "x"})) for c in (
        "1234 5678 9012 3456", "12", "letters",
    )}  # fmt: skip
    assert len({re.sub(r'value="[^"]*"', "", page) for page in wrong}) == 1
    for _ in range(2):
        citizen.post(reverse("tips:answer"), {"code": "0" * 16, "answer": "x"})

    right, other = (citizen.post(FOLLOW, {"code": c}) for c in (code, "9" * 16))
    assert (right.status_code, other.status_code) == (429, 429)
    assert "Too many tries" in said(right)
    citizen.defaults["REMOTE_ADDR"] = "198.51.100.1"
    assert "Your tip" in said(citizen.post(FOLLOW, {"code": code}))


def test_a_right_code_does_not_count_as_a_try(citizen):
    code = code_of(citizen.post(SEND, FILLED))
    seen = [citizen.post(FOLLOW, {"code": code}).status_code for _ in range(CODES.most + 1)]
    assert set(seen) == {200}


def test_tips_are_limited_by_connection_and_not_for_good(citizen):
    for _ in range(TIPS.most):
        count(TIPS, ADDRESS)
    assert citizen.post(SEND, FILLED).status_code == 429
    assert TOLD in said(citizen.post(SEND, FILLED)), "what was typed is not lost"
    for last in range(TIPS.most):
        count(TIPS, f"2001:db8:1:1::{last}")
    with pytest.raises(TooOften):
        count(TIPS, "2001:db8:1:1:ffff::1")
    count(TIPS, "2001:db8:1:2::1")
    count(TIPS, "no address")


def test_a_cry_for_help_comes_through_without_the_cache_and_guesses_do_not(settings):
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    }
    count(TIPS, ADDRESS)
    with pytest.raises(TooOften):
        count(CODES, ADDRESS)


def everything():
    """Every row of every table, past the policies, and all that the cache holds."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
        cursor.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'p')"
            " AND relnamespace = 'public'::regnamespace AND NOT relispartition"
            " AND has_table_privilege(oid, 'SELECT')"
        )
        tables = [name for (name,) in cursor.fetchall()]
        assert {"audit_auditevent", "signals_signal", "tips_tip"} <= set(tables)
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {table} t")  # noqa: S608
            yield from (row for (row,) in cursor.fetchall())
        cursor.execute("SET LOCAL ROLE baken_web")
    redis = cache._cache.get_client()
    for key in redis.scan_iter("*"):
        yield repr(key)
        if redis.type(key) == b"string":
            yield repr(redis.get(key))


def test_no_trace_of_the_citizen_stays_anywhere(citizen, caplog):
    code = code_of(citizen.post(SEND, FILLED))
    citizen.post(FOLLOW, {"code": code})
    citizen.post(FOLLOW, {"code": "1" * 16})
    citizen.post(reverse("tips:add"), {"code": code, "text": "canaryword again"})
    plain = "".join(code.split())
    kept = "\n".join([*everything(), caplog.text])

    found = [one for one in (ADDRESS, BROWSER, "canaryword", code, plain) if one in kept]
    assert found == []
    assert ADDRESS.encode().hex() not in kept
    assert hashed(plain).hex() in kept, "the search looks where things are"
    tips = service(Role.SERVICE_TIPS)
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET LOCAL ROLE baken_guard")
        lines = AuditEvent.objects.filter(actor_id=tips.user_id)
        assert set(lines.values_list("address", "request_id")) == {(None, "")}
        assert {"tip_sent", "tip_opened", "tip_added_to"} <= set(
            lines.values_list("action", flat=True)
        )
        cursor.execute("SET LOCAL ROLE baken_web")


def test_the_code_of_a_tip_leads_to_one_tip_and_only_the_service_reads_it(citizen, gijs):
    citizen.post(SEND, FILLED)
    with acting(gijs, purpose="test"):
        assert not Tip.objects.exists()
        assert not Tip.objects.visible_to(gijs).exists()
    with acting(service(Role.SERVICE_TIPS), purpose="test") as tips:
        tip = Tip.objects.visible_to(tips).get()
        with (
            pytest.raises(DatabaseError, match=r"code_of_a_tip_leads_to_one_tip|tips_tip_pkey"),
            transaction.atomic(),
        ):
            Tip.objects.create(signal=tip.signal, code_hash=tip.code_hash)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            Tip.objects.update(code_hash=b"")
