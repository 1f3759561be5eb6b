"""A draft is its holder's alone, loses nothing between two windows, and leaves nothing behind."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from referral.access.context import acting, service
from referral.access.models import DataKey
from referral.lib.ids import uuid7
from referral.lib.typed import LARGEST
from referral.notices.kinds import Kind
from referral.notices.models import Notice
from referral.organisations.roles import Role
from signals.actions import level_book, set_levels
from signals.drafts import actions, rules
from signals.drafts.models import DraftContent, DraftHandover, SavedDraft
from signals.drafts.rules import DraftRefused, DraftStale
from signals.drafts.tasks import keep_terms
from signals.drafts.workflow import MOVES, Side, Status
from signals.models import Signal
from tests.factories.people import make_member, sign_in
from tests.sentences import bare, changed, unbroken

pytestmark = pytest.mark.django_db
CANARY = "A canary named Alice Janssen"
ANSWERS = {"facts": [CANARY], "forms": ["labour", "sexual"]}
WHOLE = {
    "danger": "no", "forms": ["labour"], "facts": CANARY, "municipality": "GM0599",
    "place_kind": "restaurant", "observed": "gisteren", "n_victims": "2", "people": ["woman"],
}  # fmt: skip


def save(by, *, pk=None, seen=0, at=None, answers=ANSWERS):
    with acting(by, purpose="test"):
        return actions.save_draft(
            pk or uuid7(), answers, seen=seen, form_version="a", by=by, at=at or timezone.now()
        )


def colleague(member, role=Role.LE_POLICE):
    return make_member(role, organisation=member.organisation, name="Bob")


def test_a_draft_is_kept_sealed_and_opened_by_its_holder(alice):
    draft = save(alice)

    opened = actions.open_draft(draft, by=alice, at=timezone.now())
    content = DraftContent.objects.visible_to(alice).get()

    assert opened.answers == ANSWERS
    assert b"canary" not in bytes(content.sealed)
    assert actions.list_drafts(by=alice) == [draft]


@pytest.mark.parametrize(
    "role", [Role.LE_POLICE, Role.EMM_COORDINATOR, Role.PLATFORM_ADMIN, Role.ORG_ADMIN]
)
def test_nobody_else_opens_it(client, alice, role):
    draft = save(alice)
    organisation = alice.organisation if role in (Role.LE_POLICE, Role.ORG_ADMIN) else None
    other = make_member(role, organisation=organisation)
    with acting(other, purpose="test"):
        assert not SavedDraft.objects.exists()
        assert not DraftContent.objects.exists()
        with pytest.raises(DraftContent.DoesNotExist):
            actions.open_draft(draft, by=other, at=timezone.now())
    assert sign_in(client, other).get(draft.get_absolute_url()).status_code == 404


def test_the_number_of_somebody_elses_draft_is_not_there(alice):
    draft = save(alice)
    other = colleague(alice)
    with pytest.raises(SavedDraft.DoesNotExist):
        save(other, pk=draft.pk)


def test_saving_twice_keeps_once_and_an_old_page_overwrites_nothing(alice):
    draft = save(alice)
    again = save(alice, pk=draft.pk)  # the first answer was lost
    assert (again.pk, again.version) == (draft.pk, 1)
    assert save(alice, pk=draft.pk, seen=1, answers={"facts": ["Newer."]}).version == 2

    with pytest.raises(DraftStale):
        save(alice, pk=draft.pk, seen=1, answers={"facts": ["Old."]})

    assert actions.open_draft(draft, by=alice, at=timezone.now()).answers == {"facts": ["Newer."]}


def test_what_is_too_much_is_refused_in_words(alice, monkeypatch):
    with pytest.raises(DraftRefused, match="too long"):
        save(alice, answers={"facts": ["a" * LARGEST]})
    monkeypatch.setattr(rules, "MOST_OPEN", 1)
    save(alice)
    with pytest.raises(DraftRefused, match="1 drafts"):
        save(alice)


def test_a_draft_is_handed_to_a_colleague_who_sends_signals(alice):
    draft, bob = save(alice), colleague(alice)

    actions.hand_over_draft(draft, to=bob, by=alice, at=timezone.now())

    assert actions.list_drafts(by=alice) == []
    assert actions.colleagues(alice, at=timezone.now()) == [bob]
    with acting(bob, purpose="test"):
        assert actions.open_draft(draft, by=bob, at=timezone.now()).answers == ANSWERS
        told = Notice.objects.visible_to(bob).get(kind=Kind.DRAFT_HANDED_OVER)
        assert told.url == draft.get_absolute_url()


def test_a_draft_goes_to_nobody_else(alice):
    draft = save(alice)
    for other in (make_member(Role.LE_POLICE), colleague(alice, Role.ORG_ADMIN)):
        with pytest.raises(DraftRefused, match="does not send signals"):
            actions.hand_over_draft(draft, to=other, by=alice, at=timezone.now())
        refused = pytest.raises(IntegrityError, match="draft_goes_to_a_colleague_who_sends_signals")
        with refused, transaction.atomic():
            handover(draft, other, alice)
    with pytest.raises(DraftRefused, match="already"):
        actions.hand_over_draft(draft, to=alice, by=alice, at=timezone.now())
    with pytest.raises(IntegrityError, match="handed_to_somebody_else"), transaction.atomic():
        handover(draft, alice, alice)


def handover(draft, to, by):
    DraftHandover.objects.create(
        draft=draft, to=to.user, handed_at=timezone.now(), handed_by=by.user
    )


def test_a_draft_changes_hands_by_a_handover_alone(alice):
    draft, bob = save(alice), colleague(alice)
    with acting(service(Role.SERVICE_SWEEPER), purpose="test"):
        rows = SavedDraft.objects.filter(pk=draft.pk)
        with pytest.raises(IntegrityError, match="handover_alone"), transaction.atomic():
            rows.update(holder=bob.user)
        with pytest.raises(IntegrityError, match="ended_has_time_and_name"), transaction.atomic():
            rows.update(status="wiped")


@pytest.mark.parametrize("goal", [Status.SENT, Status.DISCARDED, Status.WIPED])
def test_the_database_knows_the_same_moves_and_leaves_nothing_of_what_was_typed(alice, goal):
    draft = save(alice)
    key = DraftContent.objects.get(pk=draft.pk).key_id
    members = {Side.HOLDER: alice, Side.CLOCK: service(Role.SERVICE_SWEEPER)}
    mine = members.pop(MOVES[Status.OPEN][goal])
    [other] = members.values()
    ended = {"ended_at": timezone.now(), "ended_by": alice.user}
    refused = pytest.raises(IntegrityError, match="draft_moves_along_the_table")
    with acting(other, purpose="test"), refused, transaction.atomic():
        SavedDraft.objects.filter(pk=draft.pk).update(status=goal, **ended)

    with acting(mine, purpose="test"):
        assert SavedDraft.objects.filter(pk=draft.pk).update(status=goal, **ended) == 1
        again = pytest.raises(IntegrityError, match="draft_moves_along_the_table")
        with again, transaction.atomic():
            SavedDraft.objects.filter(pk=draft.pk).update(status="open", ended_at=None)

    assert not DataKey.objects.filter(pk=key).exists()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
        cursor.execute("SELECT count(*) FROM drafts_draftcontent")
        assert cursor.fetchone() == (0,)
        cursor.execute("SET LOCAL ROLE baken_web")


def test_a_draft_begins_open_and_with_who_began_it(alice):
    draft = save(alice)
    draft.pk, draft.status = uuid7(), "sent"
    draft.ended_at, draft.ended_by = timezone.now(), alice.user
    with pytest.raises(IntegrityError, match="from nothing"), transaction.atomic():
        draft.save(force_insert=True)


def test_what_nobody_touches_is_announced_once_and_then_wiped(alice):
    now = timezone.now()
    old = save(alice, at=now - timedelta(days=31))
    nearly = save(alice, at=now - timedelta(days=24))
    save(alice)
    keep_terms()
    keep_terms()
    told = Notice.objects.visible_to(alice).filter(kind=Kind.DRAFT_EXPIRES)
    assert set(told.values_list("object_id", flat=True)) == {str(old.pk), str(nearly.pk)}
    assert SavedDraft.objects.open().count() == 3  # told today, wiped in a week
    with acting(service(Role.SERVICE_SWEEPER), purpose="test") as sweeper:
        later = now + timedelta(days=7, minutes=1)
        assert actions.wipe_drafts(by=sweeper, at=later) == 2
    assert actions.list_drafts(by=alice)[0].created_at >= now


def test_a_draft_is_judged_by_the_levels_of_when_it_was_last_saved(alice):
    now, coordinator = timezone.now(), make_member(Role.EMM_COORDINATOR)
    with acting(coordinator, purpose="test"):
        terms = level_book(by=coordinator).versions[-1].terms | {"draft_days": 10}
        since = timezone.localdate(now) + timedelta(days=1)
        set_levels(terms, since=since, reason="Phones get lost.", by=coordinator, at=now)
    old, new = save(alice), save(alice, at=now + timedelta(days=2))

    def told(days):
        with acting(service(Role.SERVICE_SWEEPER), purpose="test") as sweeper:
            return actions.announce_wiping(by=sweeper, at=now + timedelta(days=days))

    assert [told(4), told(6), told(22), told(24)] == [0, 1, 0, 1]
    with acting(alice, purpose="test"):
        times = dict(SavedDraft.objects.values_list("pk", "told_at"))
    assert times[new.pk] < times[old.pk]


def page(client, draft=None):
    return client.get(draft.get_absolute_url() if draft else reverse("signals:submit"))


def sent_along(draft=None, version=0):
    return {"draft": str(draft or uuid7()), "version": str(version)}


def test_what_was_typed_comes_back_on_another_device_and_is_sent(client, alice):
    sign_in(client, alice)
    new = page(client).content.decode()
    assert 'name="draft"' in new
    assert "Save and go on later" in new
    begun = {"facts": CANARY, "forms": ["labour"], "municipality": "", **sent_along()}

    listed = client.post(reverse("signals:drafts:save"), begun, follow=True).content.decode()

    draft = SavedDraft.objects.visible_to(alice).get()
    assert "My drafts" in listed
    assert CANARY not in listed
    assert draft.get_absolute_url() in client.get(reverse("home")).content.decode()
    resumed = page(client, draft)
    assert resumed.status_code == 200
    assert CANARY in resumed.content.decode()
    assert "Answer this question" not in resumed.content.decode()

    # A refused page keeps the draft; a good one ends it with the signal.
    assert (
        client.post(reverse("signals:submit"), begun | sent_along(draft.pk, 1)).status_code == 422
    )
    done = client.post(reverse("signals:submit"), {**WHOLE, **sent_along(draft.pk, 1)})
    assert done.status_code == 302
    draft.refresh_from_db()
    assert draft.status == Status.SENT
    assert Signal.objects.visible_to(alice).count() == 1
    emptied = page(client, draft)  # by the way back
    assert "This is a new signal" in emptied.text
    assert CANARY not in emptied.text
    again = client.post(reverse("signals:submit"), {**WHOLE, **sent_along(draft.pk, 1)})
    assert (again.status_code, Signal.objects.visible_to(alice).count()) == (422, 1)
    assert "no longer open" in again.content.decode()


def test_a_draft_that_is_newer_than_the_page_is_not_sent_over(client, alice):
    sign_in(client, alice)
    draft = save(alice)
    save(alice, pk=draft.pk, seen=1, answers={"facts": ["Newer."]})
    answer = client.post(reverse("signals:submit"), {**WHOLE, **sent_along(draft.pk, 1)})
    assert (answer.status_code, Signal.objects.visible_to(alice).count()) == (422, 0)
    assert "saved in another window" in answer.content.decode()

    # The page that is sent while it saves itself says the same twice.
    same = {name: said if isinstance(said, list) else [said] for name, said in WHOLE.items()}
    save(alice, pk=draft.pk, seen=2, answers=same)
    assert (
        client.post(reverse("signals:submit"), {**WHOLE, **sent_along(draft.pk, 2)}).status_code
        == 302
    )


def test_two_windows_see_both_answers_and_choose(client, alice):
    sign_in(client, alice)
    draft = save(alice, answers={"facts": ["Saved."], "place_kind": ["hotel"]})
    mine = {"facts": "Typed here.", "place_kind": "hotel"}
    address = reverse("signals:drafts:save")

    asked = client.post(address, {**mine, **sent_along(draft.pk, 0)})
    shown = asked.content.decode()
    assert asked.status_code == 422
    assert "Typed here." in shown
    assert "Saved." in shown
    assert "Hotel" not in shown  # the same in both

    assert client.post(address, {**mine, **sent_along(draft.pk, 1)}).status_code == 302
    kept = actions.open_draft(draft, by=alice, at=timezone.now()).answers
    assert kept["facts"] == ["Typed here."]


def test_the_page_saves_by_itself_with_htmx(client, alice):
    sign_in(client, alice)
    address, htmx = reverse("signals:drafts:save"), {"hx-request": "true"}
    first = {"facts": "One.", **sent_along()}

    saved = client.post(address, first, headers=htmx).content.decode()
    stale = client.post(address, {**first, "facts": "Two."}, headers=htmx).content.decode()

    assert "Draft saved at" in saved
    assert 'name="version" value="1"' in saved
    assert "another window" in stale
    assert (
        client.post(address, {**first, "draft": str(save(colleague(alice)).pk)}).status_code == 404
    )


def test_answers_that_no_longer_belong_are_shown_and_left_out(client, alice):
    sign_in(client, alice)
    gone = {"facts": ["Seen."], "colour_of_the_van": ["canary yellow"], "place_kind": ["castle"]}
    shown = page(client, save(alice, answers=gone)).content.decode()
    assert "The questions have changed" in shown
    assert "colour of the van: canary yellow" in shown
    assert "What kind of place is it?: castle" in shown
    assert 'value="canary yellow"' not in shown


def test_a_draft_is_handed_over_and_thrown_away_on_its_pages(client, alice):
    sign_in(client, alice)
    first, second = save(alice), save(alice)
    hand, discard = (
        reverse("signals:drafts:hand_over", args=[first.pk]),
        reverse("signals:drafts:discard", args=[second.pk]),
    )
    assert "Nobody else sends signals" in client.get(hand).content.decode()
    bob = colleague(alice)
    assert "Bob" in client.get(hand).content.decode()
    assert client.post(hand, {"to": ""}).status_code == 422
    assert client.post(hand, {"to": bob.pk}).status_code == 302
    assert client.get(discard).status_code == 200
    assert client.post(discard).status_code == 302
    assert actions.list_drafts(by=alice) == []
    assert client.post(discard).status_code == 404


def test_a_draft_stands_in_a_known_place(alice):
    draft = save(alice)
    ended = {"ended_at": timezone.now(), "ended_by": alice.user}
    with bare(SavedDraft):
        assert not unbroken({"draft_status_is_known": changed(draft, status="lost", **ended)})
