"""Searches that are kept: for whom, under which name, sealed, and honest when a code is gone."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from referral.access.context import acting
from referral.organisations.roles import Role
from signals.search import actions
from signals.search.models import SavedFilter, SearchEntry
from signals.search.rules import MOST_SAVED, FilterRefused
from tests.factories.people import end_membership, make_member, sign_in
from tests.factories.signals import make_signal
from tests.sentences import bare, changed, once_more, unbroken

pytestmark = pytest.mark.django_db
NOW = timezone.now
SEARCH = reverse("signals:search:search")


def keep(member, name="Bussen", *, shared=False, **answers):
    with acting(member, purpose="test"):
        return actions.save_filter(answers, name=name, shared=shared, by=member, at=NOW())


def names(member):
    with acting(member, purpose="test"):
        return [one.name for one in actions.open_filters(by=member)]


def test_a_search_is_ones_own_until_it_is_shared_with_colleagues_in_the_same_role():
    alice = make_member(Role.MUNI_FOCAL)
    colleague = make_member(Role.MUNI_FOCAL, organisation=alice.organisation)
    others = [
        make_member(Role.MUNI_REPORTER, organisation=alice.organisation),
        make_member(Role.MUNI_FOCAL),
    ]
    kept = keep(alice, words="Kanariewiek")
    assert names(alice) == ["Bussen"]
    assert names(colleague) == []
    with acting(alice, purpose="test"):
        actions.change_filter(kept, name=" Busjes ", shared=True, by=alice, at=NOW())
    assert names(alice) == names(colleague) == ["Busjes"]
    assert [names(other) for other in others] == [[], []]
    with acting(colleague, purpose="test"):
        with pytest.raises(PermissionDenied):
            actions.delete_filter(kept, by=colleague, at=NOW())
        assert SavedFilter.objects.filter(pk=kept.pk).update(shared=False) == 0
        assert SavedFilter.objects.filter(pk=kept.pk)._raw_delete("default") == 0
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
        cursor.execute("SELECT t::text FROM search_savedfilter t")
        [(row,)] = cursor.fetchall()
        cursor.execute("SET LOCAL ROLE baken_web")
    for word in ("Busjes", "busjes", "Kanariewiek", b"Busjes".hex(), b"Kanariewiek".hex()):
        assert word not in row


def test_names_differ_and_are_not_without_end():
    alice = make_member(Role.LE_POLICE)
    keep(alice, "BUSSEN")
    with pytest.raises(FilterRefused, match="this name already"):
        keep(alice, "bussen")
    for name in ("", "   ", "x" * 61):
        with pytest.raises(FilterRefused):
            keep(alice, name)
    for number in range(1, MOST_SAVED):
        keep(alice, f"N{number}")
    with pytest.raises(FilterRefused, match="Delete one first"):
        keep(alice, "Too many")
    keep(make_member(Role.LE_POLICE), "Bussen")  # of somebody else


def test_the_database_refuses_a_name_twice_and_an_unknown_role():
    alice = make_member(Role.LE_POLICE)
    kept = keep(alice)
    with acting(alice, purpose="test"):
        again = SavedFilter.objects.get(pk=kept.pk)
        again.pk = None
        with pytest.raises(IntegrityError, match="saved_filter_has_a_name"), transaction.atomic():
            again.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
        with pytest.raises(IntegrityError, match="kept_in_a_role"), transaction.atomic():
            cursor.execute("UPDATE search_savedfilter SET role = 'king'")
        cursor.execute("SET LOCAL ROLE baken_web")


def test_pages_keep_find_rename_and_delete(client, index):
    alice = make_member(Role.LE_POLICE)
    signal = make_signal(by=alice, facts="Een blauwe bus.")
    index()
    sign_in(client, alice)
    page = client.post(SEARCH, {"words": "blauwe bus", "alike": ""})
    assert signal.reference in page.text
    kept = page.context["kept"]
    assert client.post(
        reverse("signals:search:save"), {"search": kept, "name": "Bus", "shared": "on"}
    ).status_code == 302  # fmt: skip
    with acting(alice, purpose="test"):
        saved = SavedFilter.objects.get()

    again = client.get(saved.get_absolute_url())
    assert "1 signal found" in again.text
    assert 'value="blauwe bus"' in again.text
    home = client.get(reverse("home")).text
    assert '<span class="figure">1</span> Bus' in home
    change = reverse("signals:search:change", args=[saved.pk])
    assert 'value="Bus"' in client.get(change).text
    client.post(change, {"name": "Blauw"})
    assert names(alice) == ["Blauw"]
    client.post(reverse("signals:search:delete", args=[saved.pk]))
    assert names(alice) == []
    for broken in ("no json", "[]", '{"status": "gone"}'):
        refused = client.post(reverse("signals:search:save"), {"search": broken, "name": "X"})
        assert refused.status_code == 422


def test_a_kept_search_with_a_code_that_is_gone_says_so_and_shows_nothing(client):
    alice = make_member(Role.EMM_ANALYST)
    gone = make_member(Role.EMM_ANALYST)
    signal = make_signal(by=alice)
    keep(alice, "Van een collega", handler=str(gone.user_id), words="")
    kept = keep(alice, "Oude code", form="slavery")
    end_membership(gone, at=NOW())
    sign_in(client, alice)

    page = client.get(kept.get_absolute_url())
    home = client.get(reverse("home")).text

    assert page.status_code == 422
    assert "no longer works" in page.text
    assert signal.reference not in page.text
    assert home.count("No longer works") == 2
    assert client.get(f"{SEARCH}?saved=nonsense").status_code == 404
    assert client.get(f"{SEARCH}?saved={signal.pk}").status_code == 404


def test_the_database_keeps_each_sentence_about_kept_searches_and_the_index(index):
    alice = make_member(Role.LE_POLICE)
    make_signal(by=alice)
    keep(alice)
    index()
    with acting(alice, purpose="test"), bare(SavedFilter, SearchEntry):
        kept, entry = SavedFilter.objects.get(), SearchEntry.objects.first()
        assert not unbroken(
            {
                "saved_filter_is_kept_in_a_role": changed(kept, role="lost"),
                "saved_filter_has_a_name_of_its_own": once_more(kept),
                "signal_is_found_once_by_each_side": once_more(entry),
            }
        )
