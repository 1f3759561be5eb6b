"""The course of a stay: asked for longer, planned to end, told of in time, noted and seen by whom."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone, translation

from referral.access.context import acting, service
from referral.notices.models import Notice
from referral.organisations.roles import Role
from shelters.actions import end_placement
from shelters.models import EndReason
from shelters.stays import actions
from shelters.stays.models import Blocker, Extension, Stay, StayNote
from shelters.stays.rules import Longer, Outflow, StayRefused
from shelters.stays.tasks import keep_terms
from shelters.stays.workflow import STAY_MOVES, StayStatus
from shelters.workflow import PlacementStatus
from tests.factories.cases import doing
from tests.factories.people import sign_in
from tests.factories.shelters import make_place, more_beds, placement_at

pytestmark = pytest.mark.django_db
WORDS = "Kanariepiet slaapt slecht."


@pytest.fixture
def place():
    return make_place()


def stay_of(place, *, days=0, bed=None) -> Stay:
    at = timezone.now() - timedelta(days=days, minutes=10)
    placement = placement_at(PlacementStatus.ARRIVED, place, at=at, bed=bed)
    with doing(place.desk):
        return Stay.objects.visible_to(place.desk).with_names().get(pk=placement.pk)


def longer(stay, **changes) -> Longer:
    answers = {"until": stay.agreed_until + timedelta(days=30), "reason": "no_place"}
    return Longer(stay=stay, **{**answers, "funding": "municipality", **changes})


def outflow(stay, **changes) -> Outflow:
    answers = {"leave_on": timezone.localdate() + timedelta(days=9), "destination": "own_home"}
    return Outflow(stay=stay, **{**answers, "blockers": ["no_housing"], **changes})


def ask(stay, place, **changes) -> Extension:
    with doing(place.worker):
        return actions.ask_extension(longer(stay, **changes), by=place.worker, at=timezone.now())


def decide(stay, by, *, granted=True) -> Extension:
    with doing(by):
        return actions.decide_extension(stay, granted=granted, by=by, at=timezone.now())


def plan(stay, by, **changes) -> Stay:
    with doing(by):
        return actions.plan_outflow(outflow(stay, **changes), by=by, at=timezone.now())


def drop(stay, by) -> Stay:
    with doing(by):
        return actions.drop_outflow(stay, by=by, at=timezone.now())


def leave(stay, by) -> None:
    with doing(by):
        end_placement(stay.placement, reason=EndReason.OWN_HOME, by=by, at=timezone.now())


def moved(stay, **values) -> bool:
    """Whether the database lets the row be written so."""
    try:
        with transaction.atomic():
            return bool(Stay.objects.filter(pk=stay.pk).update(**values))
    except IntegrityError:
        return False


def told(kind) -> int:
    return Notice.objects.filter(kind=kind).count()


def test_a_stay_is_prolonged_by_the_desk_and_ends_with_the_placement(place):
    stay = stay_of(place, days=3)
    begun = timezone.localdate(stay.arrived_at)
    assert stay.agreed_until == begun + timedelta(days=90)
    for wrong in (
        {"until": stay.agreed_until},
        {"until": stay.agreed_until + timedelta(days=400)},
        {"reason": "so"},
        {"funding": ""},
    ):
        with pytest.raises(StayRefused):
            ask(stay, place, **wrong)
    with pytest.raises(StayRefused):
        decide(stay, place.desk)
    ask(stay, place)
    with pytest.raises(StayRefused):
        ask(stay, place)
    with pytest.raises(StayRefused):
        plan(stay, place.worker)
    decide(stay, place.desk, granted=False)
    asked = ask(stay, place)
    decide(stay, place.desk)
    with doing(place.desk):
        stay = Stay.objects.with_names().get()
        assert (stay.agreed_until, stay.funding) == (asked.until, "municipality")
        assert [one.granted for one in Extension.objects.newest_first()] == [True, False]
    leave(stay, place.worker)
    with doing(place.desk):
        assert Stay.objects.get().status == StayStatus.OVER
        assert Stay.objects.get().over_at is not None
    with pytest.raises(StayRefused):
        ask(stay, place)


def test_a_departure_is_planned_with_what_stands_in_its_way(place):
    stay = stay_of(place)
    for wrong in (
        {"leave_on": timezone.localdate() - timedelta(days=1)},
        {"destination": "detention"},
        {"blockers": ["rain"]},
    ):
        with pytest.raises(StayRefused):
            plan(stay, place.worker, **wrong)
    with pytest.raises(StayRefused):
        drop(stay, place.desk)
    plan(stay, place.worker, blockers=["no_housing", "no_permit"])
    plan(stay, place.desk, blockers=["no_permit", "waiting_ind"])
    with doing(place.desk):
        standing = set(Blocker.objects.standing().values_list("kind", flat=True))
        assert standing == {"no_permit", "waiting_ind"}
        assert Blocker.objects.exclude(lifted_at=None).get().kind == "no_housing"
    with pytest.raises(StayRefused):
        ask(stay, place)
    drop(stay, place.desk)
    with doing(place.desk):
        now = Stay.objects.get()
        assert (now.status, now.leave_on, now.destination) == (StayStatus.STAYING, None, "")


def test_long_stays_and_near_ends_are_told_once(place):
    beds = more_beds(place.house, 2)
    stay_of(place, days=1)
    stay_of(place, days=61, bed=beds[0])
    ending = stay_of(place, days=80, bed=beds[1])
    before = Notice.objects.count()
    for _again in range(2):
        keep_terms()
    with doing(service(Role.SERVICE_RELAY)):
        assert (told("stay_long"), told("stay_ends_soon")) == (8, 4)
        assert Notice.objects.count() > before
    ask(ending, place)
    decide(ending, place.desk)
    with doing(place.desk):
        lines = actions.list_stays(by=place.desk, at=timezone.now())
        assert [(line.day, line.long, line.ends_soon) for line in lines] == [
            (80, True, False), (61, True, False), (1, False, False),
        ]  # fmt: skip


def test_both_locks_keep_stays_and_notes_to_who_needs_them(place):
    stay = stay_of(place)
    with doing(place.worker):
        actions.write_stay_note(stay, words=WORDS, by=place.worker, at=timezone.now())
        assert WORDS.encode() not in bytes(StayNote.objects.get().sealed)
    plan(stay, place.worker)
    drop(stay, place.worker)
    ask(stay, place)
    for member in place.members:
        house = member.organisation_id == place.worker.organisation_id
        sees = house or member in (place.desk, place.alice)
        with acting(member, purpose="test"):
            for model in (Extension, Blocker):
                assert model.objects.exists() is sees, (member.role, model)
                assert model.objects.visible_to(member).exists() is sees, (member.role, model)
            sweeps = member.role == Role.SERVICE_SWEEPER
            assert Stay.objects.exists() is (sees or sweeps)
            assert Stay.objects.visible_to(member).exists() is (sees or sweeps)
            assert StayNote.objects.exists() is house
            assert StayNote.objects.visible_to(member).exists() is house
            if not house and member != place.desk and not sweeps:
                note = StayNote(stay=stay, written_at=timezone.now(), written_by=member.user)
                note.sealed = b"x" * 40
                assert not Stay.objects.filter(pk=stay.pk).update(funding="other")
                with pytest.raises(DatabaseError), transaction.atomic():
                    note.save(force_insert=True)


def test_the_database_keeps_the_rules_by_itself(place):
    stay = stay_of(place)
    plan(stay, place.worker)
    drop(stay, place.worker)
    asked = ask(stay, place)
    with doing(place.worker):
        actions.write_stay_note(stay, words=WORDS, by=place.worker, at=timezone.now())
    now = timezone.now()
    sentences = {
        "stay_moves_along_the_table": lambda: Stay.objects.update(status="over"),
        "planned_departure_has_day_and_destination": lambda: Stay.objects.update(leave_on=now),
        "longer_stay_is_agreed_by_the_desk": lambda: Stay.objects.update(agreed_until=asked.until),
        "blocker_is_lifted_after_it_was_set": lambda: Blocker.objects.update(
            lifted_at=now - timedelta(days=1), lifted_by=place.worker.user
        ),
        "blocker_is_of_a_known_kind": lambda: Blocker.objects.create(
            stay=stay, kind="rain", set_at=now, set_by=place.worker.user
        ),
        "stay_has_each_blocker_once": lambda: Blocker.objects.create(
            stay=stay, kind="no_housing", set_at=now, set_by=place.worker.user
        ),
        "stay_has_one_open_extension": lambda: Extension.objects.create(
            stay=stay, until=asked.until, reason="care", funding="other", asked_at=now,
            asked_by=place.worker.user,
        ),
        "extension_says_why_and_who_pays": lambda: Extension.objects.create(
            stay=stay, until=asked.until, reason="rain", funding="other", asked_at=now,
            asked_by=place.worker.user,
        ),
        "stay_note_is_sealed": lambda: StayNote.objects.create(
            stay=stay, written_at=now, written_by=place.worker.user, sealed=b"x"
        ),
    }  # fmt: skip
    with acting(place.worker, purpose="test"):
        for sentence, deed in sentences.items():
            with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
                deed()
    with acting(place.desk, purpose="test"), transaction.atomic():
        with (
            pytest.raises(IntegrityError, match="decided_extension_has_time_and_name"),
            transaction.atomic(),
        ):
            Extension.objects.update(granted=True)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET LOCAL ROLE baken_owner")
            cursor.execute(
                "ALTER TABLE stays_stay DISABLE TRIGGER USER, DISABLE ROW LEVEL SECURITY"
            )
        for sentence, values in (
            ("stay_status_is_known", {"status": "gone"}),
            ("stay_is_paid_by_a_known_party", {"funding": "me"}),
            ("stay_that_is_over_has_its_time", {"status": "over"}),
        ):
            with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
                Stay.objects.update(**values)
        transaction.set_rollback(True)


def test_every_pair_of_statuses_is_judged_alike_by_table_and_trigger(place):
    stay = stay_of(place)
    ways = {
        StayStatus.STAYING: lambda: None,
        StayStatus.EXTENSION_ASKED: lambda: ask(stay, place),
        StayStatus.OUTFLOW_PLANNED: lambda: plan(stay, place.worker),
        StayStatus.OVER: lambda: leave(stay, place.worker),
    }
    sides = {"shelter": place.worker, "desk": place.desk}
    planned = {"leave_on": timezone.localdate(), "destination": "own_home"}
    empty = {"leave_on": None, "destination": ""}
    for start, way in ways.items():
        with transaction.atomic():
            way()
            for goal in StayStatus:
                allowed = {side.value for side in STAY_MOVES[start].get(goal, ())}
                values = planned if goal == StayStatus.OUTFLOW_PLANNED else empty
                for side, member in sides.items():
                    if start == goal:
                        continue
                    with acting(member, purpose="test"), transaction.atomic():
                        done = moved(stay, status=goal, **values)
                        assert done is (side in allowed), (start, goal, side)
                        transaction.set_rollback(True)
            transaction.set_rollback(True)


def test_shelter_and_desk_follow_a_stay_on_their_pages(place, client):
    stay = stay_of(place, days=62)
    page = reverse("shelters:stays:stay", args=[stay.pk])

    def url(name):
        return reverse(f"shelters:stays:{name}", args=[stay.pk])

    def day(days):
        return (timezone.localdate() + timedelta(days=days)).strftime("%d-%m-%Y")

    with translation.override("en"):
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
        sign_in(client, place.worker)
        assert str(stay) in client.get(reverse("shelters:stays:list")).content.decode()
        assert client.post(url("note"), {"words": " "}).status_code == 422
        assert client.post(url("note"), {"words": WORDS}).status_code == 302
        asked = {"until": day(60), "reason": "care", "funding": "insurer"}
        past = client.post(url("longer"), asked | {"until": day(-60)})
        assert (past.status_code, list(past.context["form"].errors)) == (422, ["until"])
        assert client.post(url("longer"), asked).status_code == 302
        assert WORDS in client.get(page).content.decode()
        sign_in(client, place.desk)
        shown = client.get(page).content.decode()
        assert "Agree" in shown
        assert WORDS not in shown
        assert client.post(url("decide"), {"granted": "perhaps"}).status_code == 302
        assert "Not decided yet." in client.get(page).content.decode()
        assert client.post(url("decide"), {"granted": "yes"}).status_code == 302
        left = {"leave_on": day(5), "destination": "family", "blockers": ["no_permit"]}
        assert client.post(url("outflow"), left).status_code == 302
        assert "No residence permit" in client.get(page).content.decode()
        past = client.post(url("outflow"), left | {"leave_on": day(-5)})
        assert (past.status_code, list(past.context["form"].errors)) == (422, ["leave_on"])
        assert client.post(url("drop")).status_code == 302
        sign_in(client, place.alice)
        assert WORDS not in client.get(page).content.decode()
        assert client.post(url("outflow"), left).status_code == 404
        sign_in(client, place.other.worker)
        assert client.get(page).status_code == 404
