"""Where a new signal goes: the first rule that holds decides, and no signal is ever lost."""

import pytest
from django.db import connection
from django.utils import timezone

from referral.access.context import acting
from referral.notices.kinds import Kind
from referral.organisations.roles import OrganisationType, Role
from signals.actions import open_signal, submit_signals
from signals.models import Signal, SignalNarrative
from signals.routing.models import BrokenRule, Decision, Rule
from signals.routing.workflow import Fault, Goal
from tests.factories.people import make_member, make_organisation
from tests.factories.routing import rules_in_use
from tests.factories.signals import FACTS, make_draft, make_signal
from tests.notices.post_office import notices

pytestmark = pytest.mark.django_db


@pytest.fixture
def inspector():
    return make_member(Role.LE_NLA, name="Ines")


@pytest.fixture
def analyst():
    return make_member(Role.EMM_ANALYST)


def decision_on(signal, analyst):
    with acting(analyst, purpose="test"):
        return Decision.objects.visible_to(analyst).with_rule().get(signal=signal)


def posted(kind):
    return [(n.organisation.type, n.role) for n in notices() if n.kind == kind]


def break_rule(rule_set, sql, *values):
    """As the owner, past every guard: what a change of the code lists may leave behind."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL ROLE baken_owner")
        cursor.execute("ALTER TABLE routing_rule DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE routing_rule DISABLE ROW LEVEL SECURITY")
        cursor.execute(sql, [*values, rule_set.pk])
        cursor.execute("ALTER TABLE routing_rule ENABLE ROW LEVEL SECURITY")
        cursor.execute("ALTER TABLE routing_rule ENABLE TRIGGER USER")
        cursor.execute("SET LOCAL ROLE baken_web")


def test_before_there_are_rules_every_signal_goes_via_the_expert_centre(analyst):
    decision = decision_on(make_signal(), analyst)

    assert (decision.goal, decision.rule, decision.fault) == (Goal.VIA_EMM, None, "")


@pytest.mark.parametrize(
    ("conditions", "holds"),
    [
        ({"form": "labour"}, True),
        ({"form": "labour", "reporter_type": "police_unit", "place_kind": "restaurant"}, True),
        ({"municipality": "GM0363", "minors": "no", "danger": "no", "channel": "web"}, True),
        ({"region": "VR13"}, True),
        ({"region": "VR01"}, False),
        ({"form": "labour", "minors": "yes"}, False),
        ({"danger": "yes"}, False),
    ],
)
def test_a_rule_holds_when_all_that_it_asks_is_so(conditions, holds, inspector, analyst):
    rules_in_use((conditions, inspector.organisation))
    decision = decision_on(make_signal(), analyst)

    assert (decision.goal == Goal.DIRECT) is holds
    assert decision.because == (conditions if holds else {})
    assert decision.rule.number == (1 if holds else 2)


def test_the_first_rule_that_holds_decides(inspector, analyst):
    police = make_organisation(OrganisationType.POLICE_UNIT)
    asks = {"form": "labour"}
    rules_in_use(({"danger": "yes"}, None), (asks, police), (asks, inspector.organisation))

    assert decision_on(make_signal(), analyst).service == police
    assert decision_on(make_signal(danger=True), analyst).rule.number == 1


def test_a_service_reads_what_is_sent_to_it_and_is_told_and_the_centre_triages_its_copy(
    inspector, analyst
):
    rules_in_use(({"form": "labour"}, inspector.organisation))
    signal, other = make_signal(), make_signal(forms=["sexual"])
    colleague = make_member(Role.LE_NLA)

    with acting(inspector, purpose="test"):
        assert list(Signal.objects.visible_to(inspector)) == [signal]
        assert list(Signal.objects.all()) == [signal]
        assert SignalNarrative.objects.count() == 1
        assert open_signal(signal, by=inspector, at=timezone.now()).facts == FACTS
        with pytest.raises(Signal.DoesNotExist):
            open_signal(other, by=inspector, at=timezone.now())
    with acting(colleague, purpose="test"):
        assert not Signal.objects.exists()
    with acting(analyst, purpose="test"):
        assert set(Signal.objects.visible_to(analyst).awaiting_triage()) == {signal, other}
    assert posted(Kind.SIGNAL_ROUTED) == [("nla", Role.LE_NLA)]
    assert ("emm", Role.EMM_ANALYST) in posted(Kind.SIGNAL_RECEIVED)


@pytest.mark.parametrize(
    ("sql", "value", "fault"),
    [
        (
            """UPDATE organisations_organisation SET closed_at = %s WHERE id =
            (SELECT service_id FROM routing_rule WHERE rule_set_id = %s AND number = 1)""",
            timezone.now(),
            Fault.SERVICE_ENDED,
        ),
        (
            "UPDATE routing_rule SET conditions = %s WHERE rule_set_id = %s AND number = 1",
            '{"form": "abolished"}',
            Fault.UNKNOWN_CODE,
        ),
        (
            "UPDATE routing_rule SET conditions = %s WHERE rule_set_id = %s AND number = 1",
            '["form"]',
            Fault.FAILED,
        ),
    ],
    ids=["service ended", "code gone", "unreadable"],
)
def test_a_broken_rule_loses_no_signal_and_raises_one_alarm(sql, value, fault, inspector, analyst):
    make_member(Role.PLATFORM_ADMIN)
    rule_set = rules_in_use(({"form": "labour"}, inspector.organisation))
    break_rule(rule_set, sql, value)

    decisions = [decision_on(make_signal(), analyst) for _ in range(2)]

    assert {(d.goal, d.fault, d.rule.number) for d in decisions} == {(Goal.VIA_EMM, fault, 1)}
    assert sorted(posted(Kind.ROUTING_ALARM)) == [
        ("emm", Role.EMM_COORDINATOR),
        ("platform", Role.PLATFORM_ADMIN),
    ]
    with acting(analyst, purpose="test"):
        assert BrokenRule.objects.visible_to(analyst).get().fault == fault


def test_many_signals_cost_a_few_statements_and_stand_with_their_decision(
    inspector, analyst, django_assert_max_num_queries
):
    rules_in_use(({"form": "labour", "region": "VR13"}, inspector.organisation))
    alice = make_member(Role.LE_POLICE)
    with acting(alice, purpose="test"), django_assert_max_num_queries(18):
        submit_signals([make_draft() for _ in range(300)], by=alice, at=timezone.now())
    with acting(analyst, purpose="test"):
        assert Decision.objects.filter(goal=Goal.DIRECT, because__region="VR13").count() == 300
    with acting(alice, purpose="test"):
        assert not Decision.objects.exists(), "who reports does not read where it went"
        assert Rule.objects.count() == 2, "the rules in use, and no others"


def test_nobody_changes_a_decision(analyst):
    signal = make_signal()
    with acting(analyst, purpose="test"), pytest.raises(Exception, match="permission denied"):
        Decision.objects.filter(signal=signal).update(goal=Goal.DIRECT)
