"""The pages: suggestions beside a signal, the deeds, the picture, and the receipt."""

import pytest
from django.urls import reverse

from referral.access.context import acting
from referral.organisations.roles import Role
from signals.links.models import Dismissal, Link, LinkKind
from signals.links.tasks import tell_handlers
from signals.models import Merging
from signals.workflow import Status
from tests.factories.links import NOTE, PHONE, VAN, make_link, naming
from tests.factories.people import make_member, sign_in
from tests.factories.signals import make_signal, said, signal_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst():
    return make_member(Role.EMM_ANALYST)


def page(client, name, *arguments, **query):
    return client.get(reverse(name, args=arguments), query).content.decode()


def test_an_analyst_joins_links_and_sets_aside_from_the_page_of_the_signal(client, analyst):
    officer = make_member(Role.LE_POLICE)
    one = signal_at(Status.TRIAGE, by=officer, analyst=analyst, said=said(officer, VAN, PHONE))
    first, second, third = naming(VAN), naming(PHONE), naming(VAN, PHONE)
    sign_in(client, analyst)

    shown = page(client, "signals:signal", one.pk)
    assert "Same number plate" in shown
    assert "XX-99-YY" in shown  # the reader of the page reads the signal itself
    join = reverse("signals:merge", args=[one.pk])
    assert f"{join}?into={first.reference}" in shown
    assert f'value="{first.reference}"' in page(
        client, "signals:merge", one.pk, into=first.reference
    )

    linking = reverse("signals:links:link", args=[one.pk])
    assert second.reference in page(client, "signals:links:link", one.pk, other=second.reference)
    wrong = client.post(linking, {"other": "SIG-1", "kind": "place"})
    assert wrong.status_code == 422
    assert "There is no signal" in wrong.content.decode()
    answers = {"other": second.reference.lower(), "kind": "place", "note": NOTE}
    assert "linked the two signals" in client.post(linking, answers, follow=True).content.decode()
    again = client.post(linking, answers)
    assert "linked already" in again.content.decode()

    url = reverse("signals:links:dismiss", args=[one.pk, third.pk])
    assert "not suggested again" in client.post(url, follow=True).content.decode()
    shown = page(client, "signals:signal", one.pk)
    assert (first.reference in shown, second.reference in shown) == (True, True)
    assert third.reference not in shown
    with acting(analyst, purpose="test"):
        link = Link.objects.get()
        assert (Dismissal.objects.count(), Merging.objects.count()) == (1, 0)
    assert "End this link" in shown
    url = reverse("signals:links:end", args=[one.pk, link.pk])
    assert "stays on record" in client.post(url, follow=True).content.decode()
    assert "ended by" in page(client, "signals:signal", one.pk)


def test_the_picture_and_the_table_say_the_same_and_no_value(client, analyst):
    one, near, alone = naming(VAN), naming(VAN), make_signal()
    linked = make_signal()
    make_link(one, linked, analyst=analyst)
    sign_in(client, analyst)

    shown = page(client, "signals:links:graph", one.pk)
    assert shown.count(near.get_absolute_url()) == shown.count(linked.get_absolute_url()) == 2
    assert "<title" in shown
    assert "Number plate" in shown
    assert "The same network" in shown
    assert "XX-99-YY" not in shown
    assert "Nothing around this signal" in page(client, "signals:links:graph", alone.pk)


def test_the_receipt_names_own_signals_and_is_silent_of_others(client):
    alice = make_member(Role.LE_POLICE)
    foreign, first = naming(VAN), naming(PHONE, by=alice)
    second, third = naming(VAN, by=alice), naming(PHONE, by=alice)
    sign_in(client, alice)

    assert "name the same" not in page(client, "signals:receipt", second.pk)
    shown = page(client, "signals:receipt", third.pk)
    assert first.reference in shown
    assert "same telephone number" in shown
    assert foreign.reference not in shown


def test_a_reporter_sees_what_was_split_off_and_none_of_the_desk(client, analyst):
    alice = make_member(Role.LE_POLICE)
    one, split, other = naming(VAN, by=alice), naming(VAN, by=alice), naming(VAN)
    make_link(one, split, kind=LinkKind.SPLIT, analyst=analyst)
    sign_in(client, alice)

    shown = page(client, "signals:signal", one.pk)
    assert "Split from one report" in shown
    assert split.reference in shown
    for hidden in (NOTE, other.reference, "Not the same", "Picture of the links"):
        assert hidden not in shown
    assert page(client, "signals:signal", split.pk).count("Belongs with") == 1


def test_the_clock_finds_nothing_to_tell_and_stays_well():
    tell_handlers()
