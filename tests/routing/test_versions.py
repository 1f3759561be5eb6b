"""A version of the rules: begun as a copy, edited as a draft, tried, and taken into use."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from referral.access.context import acting
from referral.organisations.roles import Role
from signals.routing import tasks
from signals.routing.actions import (
    activate_rules,
    begin_version,
    count_on,
    order_dry_run,
    write_rules,
)
from signals.routing.models import BrokenRule, Decision, DryRun, Rule, RuleSet
from signals.routing.rules import RoutingRefused, Wish
from tests.factories.people import make_member, sign_in
from tests.factories.routing import draft_of, rules_in_use
from tests.factories.signals import make_signal
from tests.sentences import bare, changed, unbroken

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LABOUR = {"form": "labour"}


@pytest.fixture
def hanna():
    return make_member(Role.EMM_COORDINATOR, name="Hanna")


@pytest.fixture
def inspector():
    return make_member(Role.LE_NLA)


def refused(deed, sentence):
    with pytest.raises(RoutingRefused, match=sentence), transaction.atomic():
        deed()


def test_only_one_version_is_in_use_and_a_new_one_is_a_copy_of_an_old_one(hanna, inspector):
    first = rules_in_use((LABOUR, inspector.organisation), by=hanna)
    second = rules_in_use(by=hanna)
    with acting(hanna, purpose="test"):
        first.refresh_from_db()
        assert (first.status, second.status) == ("retired", "active")
        third = begin_version(like=first, by=hanna, at=NOW)
        asked = [(r.number, r.conditions, r.service) for r in Rule.objects.filter(rule_set=third)]
        assert asked == [(1, LABOUR, inspector.organisation), (2, {}, None)]
        refused(lambda: begin_version(by=hanna, at=NOW), "There is a draft already")
        refused(lambda: write_rules(second, [], by=hanna, at=NOW), "stays as it was")


def test_a_draft_is_taken_into_use_only_when_it_was_tried_as_it_is(hanna, inspector):
    draft = draft_of((LABOUR, inspector.organisation), by=hanna)
    with acting(hanna, purpose="test"):

        def deed():
            return activate_rules(draft, by=hanna, at=timezone.now())

        refused(deed, "First do a dry run")
        count_on(order_dry_run(draft, by=hanna, at=timezone.now()), by=hanna)
        write_rules(draft, [], by=hanna, at=timezone.now())
        refused(deed, "First do a dry run")
        refused(
            lambda: activate_rules(draft, seen=draft.changed_at, by=hanna, at=NOW),
            "A colleague has changed this draft",
        )
        count_on(order_dry_run(draft, by=hanna, at=timezone.now()), by=hanna)
        Rule.objects.filter(rule_set=draft).delete()
        refused(deed, "The last rule must send everything else")
        with (
            pytest.raises(IntegrityError, match="rules_in_use_end_with_the_expert_centre"),
            transaction.atomic(),
        ):
            RuleSet.objects.filter(pk=draft.pk).update(
                status="active", activated_at=NOW, activated_by=hanna.user
            )


def test_a_rule_is_refused_in_words(hanna, inspector):
    draft = draft_of(by=hanna)
    ngo = make_member(Role.PARTNER_NGO).organisation
    with acting(hanna, purpose="test"):
        for wishes, sentence in (
            ([Wish(conditions=LABOUR, service=ngo)], "cannot be sent direct to"),
            ([Wish(conditions={}, service=inspector.organisation)], "asks nothing"),
            ([Wish(conditions=LABOUR)] * 40, "at most 40"),
        ):
            refused(lambda w=wishes: write_rules(draft, w, by=hanna, at=NOW), sentence)
    analyst = make_member(Role.EMM_ANALYST)
    with acting(analyst, purpose="test"):
        refused(lambda: write_rules(draft, [], by=analyst, at=NOW), "Only the coordinator")


BROKEN = {
    "rule_set_status_is_known": ("draft", {"status": "lost"}),
    "rule_set_moves_along_the_table": ("retired", {"status": "active"}),
    "rule_set_in_use_has_time_and_name": ("draft", {"activated_at": NOW}),
    "rule_set_retired_has_time_and_name": ("draft", {"retired_at": NOW}),
    "rules_once_in_use_stay_as_they_were": ("active", {"changed_at": NOW}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_keeps_each_sentence_about_a_version(name, hanna):
    status, values = BROKEN[name]
    retired, active = rules_in_use(by=hanna), rules_in_use(by=hanna)
    draft = draft_of(by=hanna)
    row = {"retired": retired, "active": active, "draft": draft}[status]
    if name == "rule_set_status_is_known":
        name = "rule_set_status_is_known|rule_set_moves"
    with acting(hanna, purpose="test"), pytest.raises(DatabaseError, match=name):
        RuleSet.objects.filter(pk=row.pk).update(**values)


def test_the_database_keeps_each_sentence_about_rules_and_runs(hanna):
    active, draft = rules_in_use(by=hanna), draft_of((LABOUR, None), by=hanna)
    with acting(hanna, purpose="test"):
        run = order_dry_run(draft, by=hanna, at=NOW)
        made = {"made_at": NOW, "made_by": hanna.user, "changed_at": NOW, "changed_by": hanna.user}
        rules, runs = (
            Rule.objects.filter(rule_set=draft, number=1),
            DryRun.objects.filter(pk=run.pk),
        )
        broken = {
            "there_is_one_draft_of_the_rules_at_a_time": lambda: RuleSet.objects.create(
                version=99, **made
            ),
            "rule_set_version_is_used_once": lambda: RuleSet.objects.create(
                version=active.version, **made
            ),
            "number_of_a_rule_is_used_once": lambda: rules.update(number=2),
            "rule_goes_direct_to_a_service_or_via_the_centre": lambda: rules.update(goal="direct"),
            "rules_once_in_use_stay_as_they_were": lambda: Rule.objects.filter(
                rule_set=active
            ).delete(),
            "dry_run_status_is_known": lambda: runs.update(status="lost"),
            "dry_run_that_is_done_counted_every_signal": lambda: runs.update(
                status="done", total=3
            ),
            "dry_run_counts_onward": lambda: runs.update(ordered_at=NOW - timedelta(days=1)),
        }
        for name, deed in broken.items():
            with pytest.raises(DatabaseError, match=name), transaction.atomic():
                deed()
    alice = make_member(Role.LE_POLICE)
    signal = make_signal(by=alice)
    with acting(alice, purpose="test"):
        for name, values in {
            "decision_goes_direct_to_a_service_or_via_the_centre": {"goal": "direct"},
            "signal_of_a_broken_rule_goes_via_the_centre": {"goal": "via_emm", "fault": "failed"},
        }.items():
            with pytest.raises(DatabaseError, match=name), transaction.atomic():
                Decision.objects.bulk_create([Decision(signal=signal, **values)])


def test_a_dry_run_tells_where_each_signal_goes_now_and_by_the_draft(hanna, inspector):
    rules_in_use(by=hanna)
    for forms in (["labour"], ["labour"], ["sexual"]):
        make_signal(forms=forms)
    make_signal(at=NOW - timedelta(days=400), observed=None)
    draft = draft_of((LABOUR, inspector.organisation), by=hanna)
    with acting(hanna, purpose="test"):
        run = order_dry_run(draft, by=hanna, at=timezone.now())
    tasks.count_on(str(run.pk), hanna.pk)
    tasks.count_on(str(run.pk), hanna.pk)
    tasks.count_on(str(run.pk), 987654321)

    with acting(hanna, purpose="test"):
        run.refresh_from_db()
    assert (run.status, run.total, run.percent) == ("done", 3, 100)
    assert run.moves == {f">{inspector.organisation_id}": 2, ">": 1}
    assert run.taken == {"1": 2, "2": 1}


def test_a_coordinator_writes_tries_and_activates_rules_on_the_pages(client, hanna, inspector):
    make_signal()
    sign_in(client, hanna)
    client.post(reverse("signals:routing:begin_first"), {"idempotency_key": "a"})
    with acting(hanna, purpose="test"):
        draft = RuleSet.objects.get()

    edit = reverse("signals:routing:edit", args=[draft.pk])
    row = {"form-1": "labour", "municipality-1": "amsterdam", "place-1": "1", "place-2": "2"}
    nowhere = client.post(edit, row | {"municipality-1": "Atlantis", "idempotency_key": "b"})
    assert nowhere.status_code == 422
    assert "Choose a municipality" in nowhere.content.decode()
    assert "Choose where these signals go" in nowhere.content.decode()
    answers = row | {"goal-1": str(inspector.organisation_id), "idempotency_key": "c"}
    page = client.post(edit, answers, follow=True).content.decode()
    assert "municipality: Amsterdam" in page
    assert f"Direct to {inspector.organisation}" in page

    activate = reverse("signals:routing:activate", args=[draft.pk])
    assert "Yes, take into use" not in client.get(activate).content.decode()  # not tried yet
    tried = client.post(
        reverse("signals:routing:dry_run", args=[draft.pk]), {"idempotency_key": "d"}, follow=True
    )
    assert "Counted: 1 signals" in tried.content.decode()
    sure = client.get(activate).content.decode()
    assert "Take version 1 into use?" in sure
    assert "Yes, take into use" in sure
    nonsense = {"seen": "2026-02-31T00:00:00", "idempotency_key": "f"}
    assert client.post(activate, nonsense).status_code == 302
    assert "New" in sure
    with acting(hanna, purpose="test"):
        draft.refresh_from_db()
    done = client.post(
        activate,
        {"seen": draft.changed_at.isoformat(), "idempotency_key": "e"},
        follow=True,
    )
    assert "Version 1 is in use from now on." in done.content.decode()

    signal = make_signal()
    shown = client.get(signal.get_absolute_url()).content.decode()
    assert "Rule 1 v1, because form of exploitation: Labour exploitation" in shown
    sign_in(client, inspector)
    listed = client.get(reverse("signals:list"), {"of": "direct"}).content.decode()
    assert signal.reference in listed
    assert "This is your copy" not in client.get(signal.get_absolute_url()).content.decode()


def test_one_version_is_in_use_and_a_fault_has_a_name(hanna):
    active, draft = rules_in_use(by=hanna), draft_of(by=hanna)
    used = {"activated_at": NOW, "activated_by": hanna.user}
    with acting(hanna, purpose="test"):
        rule = Rule.objects.filter(rule_set=active).first()
        with bare(RuleSet, BrokenRule):
            assert not unbroken(
                {
                    "one_rule_set_is_in_use_at_a_time": changed(draft, status="active", **used),
                    "fault_of_a_rule_is_known": lambda: BrokenRule.objects.create(
                        rule=rule, fault="rust", found_at=NOW
                    ),
                }
            )
