"""After sending: a signal is changed, split and taken back, and what was said before stays."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from referral.access.context import acting
from referral.organisations.roles import Role
from signals.actions import amend_signal, open_signal, split_signal, withdraw_signal
from signals.models import Amendment, Item, ItemKey, Offshoot, Signal, Withdrawal
from signals.rules import MoveRefused, SignalRefused
from signals.workflow import Status
from tests.factories.people import make_member, sign_in
from tests.factories.signals import AT, item, make_draft, make_signal, said, signal_at
from tests.signals.test_intake import raw

pytestmark = pytest.mark.django_db
VAN = item("vehicle", plate="XX-99-YY")
BUS = item("vehicle", plate="ZZ-11-ZZ")
WOMEN = [
    item("person", role="victim", sex="female", birth=str(year)) for year in (1990, 2011, 1985)
]


def amend(signal, *items, by, after=0, reason="I misread the plate.", **changes):
    draft = make_draft(said=said(by, *items), **changes)
    return amend_signal(signal, draft, reason=reason, after=after, by=by, at=timezone.now())


def kinds(action):
    return raw("SELECT count(*) FROM notices_notice WHERE kind = %s", action)[0][0]


def test_an_amendment_is_current_and_what_was_said_before_stays(alice):
    signal = make_signal(by=alice, said=said(alice, VAN))
    keys = raw("SELECT hmac FROM signals_itemkey")

    amend(signal, BUS, by=alice, facts="A bus.", danger=True, place_kind="hotel")

    opened = open_signal(signal, by=alice, at=AT)
    assert (opened.facts, opened.signal.danger, opened.signal.place_kind) == (
        "A bus.",
        True,
        "hotel",
    )
    assert [one.answers for one in opened.said.items] == [BUS.answers]
    [change] = opened.amendments
    assert (change.by, change.reason) == ("Alice", "I misread the plate.")
    assert (change.codes["danger"], change.facts[:8]) == (False, "A canary")
    assert [(i.item.came_in, i.item.left_in) for i in opened.items] == [(0, 1), (1, None)]
    [(left,)] = raw("SELECT hmac FROM signals_itemkey")
    assert (bytes(left),) not in [(bytes(key),) for (key,) in keys]
    assert opened.signal.urgency == 1
    assert kinds("signal_amended") == 1


@pytest.fixture
def tess():
    member = make_member(Role.PARTNER_NGO, name="Tess")
    with acting(member, purpose="test"):
        yield member


def test_who_takes_consent_back_is_forgotten_in_what_was_said_before(tess):
    ana = item("person", role="victim", given_names="Ana", birth="1999", nationality="RO")
    eve = item("person", role="victim", given_names="Eve", sex="female")
    mallory = item("person", role="suspect", given_names="Mallory")
    agreed = {"consent": "yes", "consent_on": "01-11-2026", "safe_contact": "her sister"}
    signal = make_signal(by=tess, said=said(tess, ana, eve, mallory, **agreed))
    draft = make_draft(said=said(tess, ana, mallory, **agreed), danger=True)
    amend_signal(signal, draft, reason="Eve is not one.", after=0, by=tess, at=timezone.now())
    [(eves,)] = raw("SELECT id FROM signals_item WHERE left_in = 1")

    nameless = item("person", role="victim", nationality="RO")
    draft = make_draft(said=said(tess, nameless, mallory, consent="no"))
    amend_signal(signal, draft, reason="She said no.", after=1, by=tess, at=timezone.now())

    opened = open_signal(signal, by=tess, at=AT)
    left = [dict(one.entry.answers) for one in opened.items if one.item.left_in]
    assert sorted(left, key=str) == [
        {"role": "victim", "nationality": "RO"},
        {"role": "victim", "sex": "female"},
    ]
    assert [dict(one.said.answers) for one in opened.amendments] == [{"consent": "yes"}] * 2
    assert mallory.answers in [one.entry.answers for one in opened.items]  # a suspect stays
    only_loses = "item_that_left_only_loses_words"
    with pytest.raises(IntegrityError, match=only_loses), transaction.atomic():
        Item.objects.filter(pk=eves).update(sealed=b"x" * 999)


def test_amendments_take_turns_and_end_with_the_outcome(alice):
    signal = make_signal(by=alice)
    for wrong, match in (
        ({"reason": " "}, "Write down why"),
        ({"after": 1, "facts": "x"}, "A colleague changed"),
        ({"facts": "x", "n_victims": 1000}, "from 1 to"),
    ):
        with pytest.raises((MoveRefused, SignalRefused), match=match):
            amend(signal, by=alice, **wrong)
    amend(signal, by=alice, facts="x")
    with pytest.raises(SignalRefused, match="changed nothing"):
        amend(signal, by=alice, after=1, facts="x")

    judged, imported = signal_at(Status.FORWARDED, by=alice), make_member(Role.LE_POLICE)
    with (
        acting(alice, purpose="test"),
        pytest.raises(MoveRefused, match="can no longer be changed"),
    ):
        amend(judged, by=alice)
    with acting(imported, purpose="test"), pytest.raises(Signal.DoesNotExist):
        amend(signal, by=imported)
    with (
        acting(alice, purpose="test"),
        pytest.raises(DatabaseError, match="until_it_is_judged"),
        transaction.atomic(),
    ):
        Amendment.objects.create(**amendment(judged, alice, number=1))


def amendment(signal, by, **changes):
    codes = {"forms": ["labour"], "place_kind": "hotel", "sex": "female", "age_group": "adult"}
    who = {"added_at": timezone.now(), "added_by": by.user, "danger": False, "sealed": b"x"}
    return {"signal": signal, **codes, **who, **changes}


def test_an_amendment_and_what_follows_from_it_keep_their_sentences(alice):
    signal = make_signal(by=alice, said=said(alice, VAN))
    with pytest.raises(IntegrityError, match="amendments_of_a_signal_follow"), transaction.atomic():
        Amendment.objects.create(**amendment(signal, alice, number=3))
    with pytest.raises(IntegrityError, match="item_leaves_once"), transaction.atomic():
        Item.objects.update(left_in=1)
    amend(signal, by=alice)
    with pytest.raises(IntegrityError, match="item_leaves_once"), transaction.atomic():
        Item.objects.update(left_in=1)
    with pytest.raises(IntegrityError, match="withdrawal_reason_is_known"), transaction.atomic():
        Withdrawal.objects.create(
            signal=signal, reason="x", sealed=b"", withdrawn_at=AT, withdrawn_by=alice.user
        )
    for rows in (Amendment.objects, ItemKey.objects):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            rows.all()._raw_delete("default")


def test_amendments_are_numbered_by_the_table_too(alice):
    signal = make_signal(by=alice)
    amend(signal, by=alice, facts="x")
    with connection.cursor() as cursor:  # the trigger would refuse them first
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL ROLE baken_owner")
        cursor.execute("ALTER TABLE signals_amendment DISABLE TRIGGER amendment_is_added")
        cursor.execute("SET LOCAL ROLE baken_web")
    for number, name in (
        (0, "amendments_of_a_signal_count_from_one"),
        (1, "amendment_of_a_signal_is_written_once"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Amendment.objects.create(**amendment(signal, alice, number=number))


def test_each_chosen_victim_gets_a_signal_of_its_own_with_the_same_facts(alice):
    signal = make_signal(by=alice, n_victims=3, age_group="mixed", said=said(alice, *WOMEN, VAN))
    persons = {one.entry.answers.get("birth"): one.item.pk for one in
               open_signal(signal, by=alice, at=AT).items}  # fmt: skip
    chosen = [persons["2011"], persons["1990"]]

    made = split_signal(signal, persons=chosen, by=alice, at=AT)

    assert [one.age_group for one in sorted(made, key=lambda s: s.age_group)] == ["adult", "minor"]
    for one in made:
        opened = open_signal(one, by=alice, at=AT)
        assert opened.facts.startswith("A canary")
        assert sorted(row.kind for row in opened.said.items) == ["person", "vehicle"]
        assert {kin.origin for kin in opened.family} == {signal}
    first = open_signal(signal, by=alice, at=AT)
    assert (first.signal.n_victims, first.signal.age_group) == (1, "adult")
    assert [row.answers.get("birth") for row in first.said.items if row.kind == "person"] == [
        "1985"
    ]
    assert all(one.reference in first.amendments[0].reason for one in made)

    for again in (chosen, [persons["1985"]], []):
        with pytest.raises(SignalRefused):
            split_signal(signal, persons=again, by=alice, at=AT)
    assert Offshoot.objects.count() == 2
    with pytest.raises(IntegrityError, match="not_split_off_itself"), transaction.atomic():
        Offshoot.objects.create(signal=signal, origin=signal, item_id=persons["1985"])


def test_a_signal_is_taken_back_while_nobody_has_decided(alice):
    signal = make_signal(by=alice, said=said(alice, VAN))
    taken = {"reason": "mistake", "explanation": "It was a rehearsal.", "by": alice, "at": AT}

    signal = withdraw_signal(signal, **taken)

    assert (signal.status, signal.outcome) == (Status.WITHDRAWN, "withdrawn")
    assert open_signal(signal, by=alice, at=AT).why_withdrawn == "It was a rehearsal."
    assert raw("SELECT count(*) FROM signals_itemkey") == [(0,)]
    assert kinds("signal_withdrawn") == 1
    with pytest.raises(MoveRefused, match="cannot be taken back"):
        withdraw_signal(signal, **taken)
    parked = signal_at(Status.PARKED, by=alice)
    with acting(alice, purpose="test"), pytest.raises(MoveRefused) as refused:
        withdraw_signal(parked, **taken)
    assert "arked" not in str(refused.value)


def test_the_pages_of_the_reporter_change_split_and_take_back(client):
    alice = make_member(Role.LE_POLICE, name="Alice")
    make_member(Role.EMM_ANALYST)
    signal = make_signal(
        by=alice, said=said(alice, *WOMEN[:2], VAN, control="home", control_met="3")
    )
    sign_in(client, alice)
    page = client.get(reverse("signals:amend", args=[signal.pk]))
    form = page.context["form"]
    typed = {field.name: field.value() for field in form if field.value() is not None}
    assert (typed["vehicle-1-plate"], typed["control_met"], typed["person-rows"]) == (
        "XX-99-YY",
        "3",
        2,
    )

    address = page.request["PATH_INFO"]
    answers = {**typed, "vehicle-1-plate": "ZZ-11-ZZ", "reason": "I misread it."}
    changed = client.post(address, answers, follow=True)
    same = client.post(address, {**answers, "after": 1})
    assert "ZZ-11-ZZ" in changed.text
    assert changed.text.index("What was said before") < changed.text.index("XX-99-YY")
    assert (same.status_code, "You have changed nothing" in same.text) == (422, True)

    with acting(alice, purpose="test"):
        victim = Item.objects.filter(role="victim", left_in=None).first()
    split = reverse("signals:split", args=[signal.pk])
    done = client.post(split, {"persons": [str(victim.pk)]}, follow=True)
    assert "Signals about the same facts" in done.text
    back = {"reason": "mistake", "explanation": "A rehearsal."}
    done = client.post(reverse("signals:withdraw", args=[signal.pk]), back, follow=True)
    assert "Taken back by the reporter" in done.text
    assert "Change the signal" not in done.text
