"""What is told over many signals: nothing small, and no names."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from referral.access.context import acting
from referral.lib.refusals import Refused
from signals.deliberation import actions
from signals.deliberation.models import Axis, TrendCount, TrendNote
from signals.deliberation.rules import THRESHOLD, hide_small, name_like
from tests.deliberation.scenes import TREND, act
from tests.factories.people import sign_in
from tests.factories.signals import make_signal


@settings(max_examples=60)
@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 40), max_size=8))
def test_what_is_hidden_is_neither_small_alone_nor_small_together(counts):
    told = hide_small(counts)
    hidden = [counts[code] for code, number in told.items() if number is None]

    assert all(
        number is None or number == counts[code] >= THRESHOLD for code, number in told.items()
    )
    assert not hidden or sum(hidden) >= THRESHOLD or len(hidden) == len(counts)


def test_counts_of_a_month_are_told_once_and_without_what_is_small(client, scene):
    this_month = timezone.localdate().replace(day=1)
    month = (this_month - timedelta(days=1)).replace(day=1)
    then = timezone.now().replace(day=1) - timedelta(days=2)
    for number in range(7):
        form = "sexual" if number == 0 else "labour"
        make_signal(by=scene.alice, at=then, forms=[form], observed=None)
    scene.counts()
    with acting(scene.bob, purpose="test"):
        rows = TrendCount.objects.visible_to(scene.bob).filter(month=month)
        told = {(row.axis, row.code): row.number for row in rows}
    assert told[(Axis.ALL, "")] == 7
    # One signal of the other form: told apart, the bigger one would give it away.
    assert told[(Axis.FORM, "sexual")] is told[(Axis.FORM, "labour")] is None
    for words, when in (("published", month), ("over", this_month)):
        with acting(scene.coordinator, purpose="test"), pytest.raises(Refused, match=words):
            actions.publish_counts(month=when, by=scene.coordinator, at=timezone.now())

    address = reverse("signals:deliberation:counts")
    bob = sign_in(client, scene.bob).get(address, {"by": "form", "form": "sexual"})
    assert b"Fewer than 5" in bob.content
    inside = sign_in(client, scene.coordinator).get(address, {"by": "form"}).content.decode()
    assert '<td class="number">6</td>' in inside
    for by in Axis:
        assert client.get(address, {"by": by}).status_code == 200
    assert (
        client.post(reverse("signals:deliberation:publish_counts"), {"month": "x"}).status_code
        == 302
    )


def test_a_note_is_read_when_it_is_published_and_stays_as_it_is(client, scene):
    note = scene.trend()
    address = note.get_absolute_url()
    assert sign_in(client, scene.bob).get(address).status_code == 404
    assert sign_in(client, scene.analyst).get(f"{address}edit/").status_code == 200
    assert client.post(f"{address}publish/").status_code == 302
    page = sign_in(client, scene.bob).get(address).content.decode()
    assert TREND in page
    assert "SIG-" not in page
    with acting(scene.analyst, purpose="test"):
        assert [s.reference[:3] for s in act(scene.analyst, actions.open_trend, note).signals] == [
            "SIG"
        ]
    with (
        acting(scene.analyst, purpose="test"),
        pytest.raises(IntegrityError, match="published_trend_stays_as_it_is"),
    ):
        TrendNote.objects.filter(pk=note.pk).update(title="Other")


def test_a_published_note_is_withdrawn_for_all_outside(client, scene):
    note = scene.trend(published=True)
    assert (
        sign_in(client, scene.analyst).post(f"{note.get_absolute_url()}withdraw/").status_code
        == 302
    )
    assert sign_in(client, scene.bob).get(note.get_absolute_url()).status_code == 404


def test_who_writes_is_warned_of_a_name_and_says_whether_it_is_one(client, scene):
    assert name_like("They said that, as Jan de Vries did, and call 0612345678.") == [
        "0612345678", "Jan de Vries",
    ]  # fmt: skip
    signal = scene.signal()
    answers = {
        "title": "Salons", "period": "2026", "happens": ["labour"], "signals": signal.reference,
        "text": "It was seen by Jan de Vries.",
    }  # fmt: skip
    write = reverse("signals:deliberation:write_trend")
    refused = sign_in(client, scene.analyst).post(write, answers)
    assert (refused.status_code, b"Jan de Vries" in refused.content) == (422, True)
    assert client.post(write, answers | {"nobody": "on"}).status_code == 302
    unknown = client.post(write, answers | {"nobody": "on", "signals": "SIG-2020-000009"})
    assert b"There is no signal SIG-2020-000009" in unknown.content
    with acting(scene.analyst, purpose="test"):
        [note] = TrendNote.objects.visible_to(scene.analyst)
        assert note.period.lower == date(2026, 1, 1)
        edited = note.get_absolute_url() + "edit/"
    sign_in(client, scene.analyst)
    assert client.post(edited, answers | {"text": "Nobody.", "title": "Other"}).status_code == 302
