"""What is past its term goes with two names, whole, and nothing that is held goes."""

from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import pytest
from django.db import Error, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from referral.access.context import service
from referral.audit.models import AuditEvent
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from referral.retention.actions import lift_hold
from referral.retention.destruction.actions import (
    Night,
    destroy_list,
    hold_signal,
    lift_signal_hold,
    read_list,
)
from referral.retention.destruction.models import DestructionList, ListLine, SignalHold
from referral.retention.destruction.rules import DESTROYED, KEPT, OF_CARE, OF_SIGNALS
from referral.retention.destruction.workflow import MOVES, Status
from referral.retention.models import CARRIED_OUT, Category
from referral.retention.rules import RetentionRefused
from shelters.swaps.models import Swap, SwapSide
from shelters.workflow import PlacementStatus
from signals.actions import close_signal, judge_signal
from signals.deliberation.actions import finish_follow_up
from signals.deliberation.models import FollowUp
from signals.deliberation.workflow import MeetingStatus
from signals.models import Signal
from signals.workflow import Status as SignalStatus
from signals.workflow import Verdict
from tests.deliberation.scenes import Scene as Deliberation
from tests.factories.attachments import make_attachment
from tests.factories.cases import colleague_of, doing
from tests.factories.destruction import (
    LONG_AGO,
    decided,
    ended_long_ago,
    list_of,
    night,
    old_signal,
    signal_hold,
)
from tests.factories.enrichment import enrichment_at
from tests.factories.erasures import hold_of
from tests.factories.links import make_link
from tests.factories.people import make_member, sign_in
from tests.factories.referrals import consent_for, make_lawyer
from tests.factories.shelters import make_place, placement_at, same_case
from tests.factories.signals import FACTS, signal_at
from tests.retention.test_erasure import dump, rows

pytestmark = pytest.mark.django_db


@dataclass
class Made:
    alice: Membership
    coordinator: Membership
    second: Membership
    signal: Signal
    forwarded: Signal
    young: Signal


@pytest.fixture(scope="module")
def made(module_db):  # noqa: ARG001
    """A signal with all that belongs to it, and one that was forwarded, both past their term."""
    alice = make_member(Role.MUNI_REPORTER, name="Alice")
    meetings = Deliberation()
    meetings.signal = partial(meetings.signal, by=alice)
    analyst = meetings.analyst
    meetings.meeting_at(MeetingStatus.LOCKED)
    with doing(analyst):
        signal = Signal.objects.get(reporter_organisation=alice.organisation)
        [follow_up] = FollowUp.objects.visible_to(analyst)
        finish_follow_up(follow_up, remark="Done.", by=analyst, at=timezone.now())
    make_attachment(signal, by=alice)
    enrichment_at(signal, analyst=analyst)
    young = signal_at(SignalStatus.CLOSED, by=alice, verdict=Verdict.MONITORED)
    make_link(signal, young, analyst=analyst)
    with doing(analyst):
        signal = judge_signal(
            signal, verdict=Verdict.MONITORED, motivation=FACTS, by=analyst, at=timezone.now()
        )
        ended_long_ago(close_signal(signal, feedback=None, by=analyst, at=timezone.now()))
    second = colleague_of(meetings.coordinator, Role.EMM_COORDINATOR)
    forwarded = old_signal(Verdict.FORWARDED, ago=timedelta(days=500), by=alice)
    return Made(alice, meetings.coordinator, second, signal, forwarded, young)


@pytest.fixture
def scene(made, db):  # noqa: ARG001
    with override("en"):
        yield deepcopy(made)


def opened(listed, by):
    with doing(by):
        return read_list(listed, by=by, at=timezone.now())


def test_two_of_the_expert_centre_destroy_a_signal_whole_and_its_number_stays(scene, client):
    signal, coordinator, second = scene.signal, scene.coordinator, scene.second
    keys = rows(
        "SELECT key_id::text FROM signals_signalnarrative WHERE signal_id = %s UNION"
        " SELECT key_id::text FROM deliberation_proposal WHERE signal_id = %s UNION"
        " SELECT key_id::text FROM enrichment_enrichment WHERE signal_id = %s",
        *[signal.pk] * 3,
    )
    sealed = rows(
        "SELECT encode(sealed, 'hex') FROM signals_signalnarrative WHERE signal_id = %s", signal.pk
    )
    secrets = [secret for (secret,) in [*keys, *sealed]]
    before = "".join(dump().values())
    assert all(secret in before for secret in secrets)

    # What was forwarded is kept for the term of police data; what is young is on no list.
    assert night() == Night(listed=1)
    assert night() == Night()
    listed = list_of(signal.pk, by=coordinator)
    assert (listed.category, listed.status) == (Category.SIGNAL, Status.DUE)
    page = reverse("retention:destruction:list", args=[listed.pk])
    for stranger in (Role.COM_REGISTRAR, Role.ZC, Role.FG, Role.EMM_ANALYST):
        sign_in(client, make_member(stranger))
        assert client.get(page).status_code in (403, 404), stranger

    # The coordinator holds it from its own page: it goes off the list, and comes back after.
    sign_in(client, coordinator)
    hold = reverse("retention:destruction:hold", args=[signal.pk])
    assert hold in client.get(reverse("signals:signal", args=[signal.pk])).content.decode()
    until = (timezone.localdate() + timedelta(days=3)).isoformat()
    for day in ("2020-01-01", "9999-01-01"):
        assert client.post(hold, {"reason": "court", "until": day}).status_code == 422, day
    client.post(hold, {"reason": "court", "until": until})
    told = client.get(reverse("signals:signal", args=[signal.pk])).content.decode()
    assert "Vastgehouden tot en met" in told
    assert hold not in told, "it is held already"
    assert client.post(hold, {"reason": "court", "until": until}).status_code == 422, "it is held"
    assert night() == Night(taken_off=1)
    overview = reverse("retention:destruction:lists")
    assert signal.reference in client.get(overview).content.decode()
    ((held,),) = rows("SELECT id FROM destruction_signalhold")
    client.post(reverse("retention:destruction:lift", args=[held]))
    assert night() == Night(listed=1)

    # One approves, and only somebody else confirms.
    move = "retention:destruction:move"
    client.post(reverse(move, args=[listed.pk, "approved"]))
    client.post(reverse(move, args=[listed.pk, "destroyed"]))
    assert opened(listed, coordinator).listed.status == Status.APPROVED
    sign_in(client, second)
    client.post(reverse(move, args=[listed.pk, "destroyed"]))
    certificate = client.get(page).content.decode()
    done = opened(listed, second).listed
    assert done.status == Status.DESTROYED
    assert str(OF_SIGNALS["attachments_attachmentpiece"]) in certificate
    assert done.destroyed["access_datakey"] == len(keys)
    with_it = {"links_link", "deliberation_decision", "enrichment_enrichment"}
    assert {*with_it, "attachments_attachmentpiece"} <= done.destroyed.keys() <= DESTROYED.keys()

    after = dump()
    assert [secret for secret in secrets if secret in "".join(after.values())] == []
    for table in OF_SIGNALS.keys() - {"access_datakey"}:
        assert str(signal.pk) not in after[table], table
    assert str(signal.pk) in after["signals_signal"]
    assert str(scene.young.pk) in after["signals_signalnarrative"]
    assert client.post(hold, {"reason": "court", "until": until}).status_code == 422, "it is gone"
    for member in (scene.alice, second):
        sign_in(client, member)
        gone = client.get(reverse("signals:signal", args=[signal.pk]))
        assert gone.status_code == 410
        assert signal.reference in gone.content.decode()
        assert client.get(reverse("signals:list")).status_code == 200
    with doing(make_member(Role.AUDITOR)):
        [line] = AuditEvent.objects.filter(action="list_destroyed")
        assert line.opened_details() == {"destroyed": done.destroyed, "spared": 0}
    assert night() == Night()


def test_what_is_held_after_it_was_approved_is_spared(scene):
    night()
    listed = list_of(scene.signal.pk, by=scene.coordinator)
    decided(listed, Status.APPROVED, by=scene.coordinator)
    with pytest.raises(RetentionRefused):
        decided(listed, Status.DESTROYED, by=scene.coordinator)
    hold = signal_hold(scene.signal, by=scene.coordinator)
    with doing(scene.coordinator), pytest.raises(RetentionRefused):
        hold_signal(
            scene.signal, reason="court", until=timezone.localdate(), by=scene.coordinator,
            at=timezone.now(),
        )  # fmt: skip
    done = decided(listed, Status.DESTROYED, by=scene.second)
    assert (done.destroyed, done.spared) == ({}, 1)
    assert rows("SELECT 1 FROM signals_signalnarrative WHERE signal_id = %s", scene.signal.pk)
    assert night() == Night()
    with doing(scene.coordinator):
        lift_signal_hold(hold, by=scene.coordinator, at=timezone.now())
    assert night() == Night(listed=1)
    with doing(scene.coordinator), pytest.raises(IntegrityError, match="is_lifted_once"):
        SignalHold.objects.filter(pk=hold.pk).update(lifted_at=timezone.now())


def old_change_of_beds(placement, *, by):
    """As one that was withdrawn while they were there: its trigger asks that they still are."""
    said = {"proposed_at": placement.reserved_at, "proposed_by": by.user}
    done = {"status": "withdrawn", "closed_at": placement.ended_at, "closed_by": by.user}
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL ROLE baken_owner")
        cursor.execute("ALTER TABLE swaps_swap DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE swaps_swapside DISABLE TRIGGER USER")
        cursor.execute("SET LOCAL ROLE baken_guard")
        SwapSide.objects.create(
            swap=Swap.objects.create(**said, **done), number=1, placement=placement,
            house=by.organisation, sex="female", age_group="18-22", standing=False,
        )  # fmt: skip
        cursor.execute("SET LOCAL ROLE NONE")


def test_placements_with_their_stays_and_proofs_of_consent_go_and_persons_stay(scene, client):  # noqa: ARG001
    place = make_place()
    at = timezone.now() - LONG_AGO
    placement = placement_at(PlacementStatus.ENDED, place, at=at)
    back = placement_at(PlacementStatus.WITHDRAWN, place, at=at + timedelta(hours=1))
    standing = placement_at(PlacementStatus.ARRIVED, place)
    case = same_case(place, placement)
    old_change_of_beds(placement, by=place.desk)
    consent = consent_for(case, make_lawyer(), by=place.alice, at=at)
    assert night().listed >= 3  # the two signals' one, the placement, and the consent at least

    lists = {one: list_of(one.pk, by=place.alice) for one in (placement, consent)}
    assert {one.category for one in lists.values()} == {Category.PLACEMENT, Category.CONSENT}
    with doing(place.alice):
        [line] = ListLine.objects.visible_to(place.alice).filter(record=placement.pk)
        assert line.reference == case.reference
    assert rows("SELECT 1 FROM destruction_listline WHERE record = %s", back.pk)
    assert not rows("SELECT 1 FROM destruction_listline WHERE record = %s", standing.pk)
    hold = hold_of(case, by=place.alice)
    assert night().taken_off >= 2
    with doing(place.alice):
        lift_hold(hold, by=place.alice, at=timezone.now())
    night()

    page = reverse("retention:destruction:list", args=[lists[placement].pk])
    sign_in(client, place.alice)
    assert case.reference in client.get(page).content.decode()
    for listed in lists.values():
        decided(listed, Status.APPROVED, by=place.alice)
        returned = decided(listed, Status.DUE, by=place.country.desk)
        decided(returned, Status.APPROVED, by=place.alice)
        decided(returned, Status.DESTROYED, by=place.country.desk)
    gone = opened(lists[placement], place.alice).listed.destroyed
    assert (gone["shelters_placement"], gone["stays_stay"], gone["swaps_swapside"]) == (2, 1, 1)
    assert opened(lists[consent], place.alice).listed.destroyed["sharing_consent"] >= 1
    after = dump()
    for table in OF_CARE:
        assert str(placement.pk) not in after[table], table
        assert str(consent.pk) not in after[table], table
    assert str(standing.pk) in after["shelters_placement"]
    assert str(case.person_id) in after["persons_identity"]


def test_every_table_that_leads_to_a_record_is_destroyed_or_kept_for_a_reason(db):  # noqa: ARG001
    query = (
        "WITH RECURSIVE d (t) AS (SELECT %s::regclass::oid UNION"
        " SELECT c.conrelid FROM pg_constraint c JOIN d ON c.confrelid = d.t"
        " WHERE c.contype = 'f') SELECT t::regclass::text FROM d"
    )
    of_signal = {table for (table,) in rows(query, "signals_signal")}
    # Without a foreign key they lead to a signal all the same.
    loose = {"search_searchentry", "links_newkeys", "search_stalesignal", "access_datakey"}
    assert of_signal | loose | {"deliberation_packcontent"} == OF_SIGNALS.keys() | KEPT.keys()
    of_placement = {table for (table,) in rows(query, "shelters_placement")}
    assert of_placement | {"sharing_consent", "sharing_closedshare"} == OF_CARE.keys()
    assert set(Category) - {Category.TRAIL} == set(CARRIED_OUT)


def test_the_database_moves_along_the_same_table(scene):
    night()
    listed = list_of(scene.signal.pk, by=scene.coordinator)
    now = timezone.now()
    clock = service(Role.SERVICE_SWEEPER)

    def tried(goal, member, **values):
        try:
            with doing(member), transaction.atomic():
                done = DestructionList.objects.filter(pk=listed.pk).update(status=goal, **values)
                transaction.set_rollback(True)
        except Error:
            return False
        return bool(done)

    approval = {"approved_at": now, "approved_by": scene.coordinator.user_id}
    end = {"destroyed_at": now, "destroyed_by": scene.second.user_id}
    desk = make_member(Role.COM_REGISTRAR)
    for member in (scene.coordinator, scene.second, scene.alice, desk, clock):
        may = member == scene.coordinator
        assert tried(Status.APPROVED, member, **approval) == may, member.role
        assert not tried(Status.DESTROYED, member, **approval, **end), member.role
    decided(listed, Status.APPROVED, by=scene.coordinator)
    undone = {"approved_at": None, "approved_by": None}
    for member in (scene.coordinator, scene.second, scene.alice, desk, clock):
        may = member == scene.second
        assert tried(Status.DUE, member, **undone) == may, member.role
        assert tried(Status.DESTROYED, member, **end) == may, member.role
    assert set(MOVES) == set(Status)
    with doing(scene.second):
        destroy_list(listed, by=scene.second, at=now)
    for goal in Status:
        assert not tried(goal, scene.coordinator)


def test_constraints_refuse_by_name(scene):
    today, now = timezone.localdate(), timezone.now()
    coordinator = scene.coordinator
    hold = {"signal": scene.signal, "organisation": coordinator.organisation, "reason": "court",
        "until": today + timedelta(days=9), "placed_at": now,
        "placed_by": coordinator.user}  # fmt: skip
    broken = {
        "signal_hold_reason_is_known": {"reason": "because"},
        "signal_hold_lasts_beyond_the_day_it_is_placed": {"until": today},
        "signal_hold_is_lifted_by_someone_at_a_time": {"lifted_at": now},
    }
    for name, wrong in broken.items():
        with doing(coordinator), pytest.raises(IntegrityError, match=name):
            SignalHold(**hold | wrong).save(force_insert=True)
    night()
    listed = list_of(scene.signal.pk, by=coordinator)
    line = {"list": listed, "record": scene.young.pk, "reference": "SIG", "due_on": today,
        "last_event_on": today - timedelta(days=1)}  # fmt: skip
    clock = service(Role.SERVICE_SWEEPER)
    lines = {
        "record_is_on_a_list_once": {"record": scene.signal.pk},
        "listed_record_is_due_after_its_last_event": {"due_on": today - timedelta(days=2)},
    }
    for name, wrong in lines.items():
        with doing(clock), pytest.raises(IntegrityError, match=name):
            ListLine(**line | wrong).save(force_insert=True)
    with doing(clock), pytest.raises(IntegrityError, match="owner_has_one_open_list_of_a_kind"):
        DestructionList(owner=listed.owner, category=listed.category, listed_at=now).save()
    who = coordinator.user_id
    of_list = {
        "destruction_list_status_is_known": {"status": "lost", **_by("approved", now, who)},
        "destruction_list_is_of_records_and_not_of_persons": {"category": "case"},
        "destruction_list_is_approved_by_someone_at_a_time": {"status": Status.APPROVED},
        "destruction_is_confirmed_by_a_second_person_at_a_time": {
            "status": Status.DESTROYED,
            **_by("approved", now, who),
            **_by("destroyed", now, who),
        },
    }
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL ROLE baken_owner")
        cursor.execute("ALTER TABLE destruction_destructionlist DISABLE TRIGGER USER")
        cursor.execute("SET LOCAL ROLE baken_guard")
        for name, wrong in of_list.items():
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                DestructionList.objects.filter(pk=listed.pk).update(**wrong)


def _by(name, at, who):
    return {f"{name}_at": at, f"{name}_by": who}
