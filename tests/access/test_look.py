"""A status and a deadline say in words what their colour says."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from referral.access.templatetags.look import TONES, deadline_tone, status_tone, time_left

NOON = datetime(2026, 3, 27, 11, tzinfo=UTC)  # noon in Amsterdam
TODAY = date(2026, 3, 27)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("due", "words", "tone"),
    [
        (TODAY, "today", "waiting"),
        (TODAY + timedelta(days=1), "tomorrow", "waiting"),
        (TODAY + timedelta(days=3), "3 days left", "waiting"),
        (TODAY + timedelta(days=4), "4 days left", "neutral"),
        (TODAY - timedelta(days=1), "1 day late", "bad"),
        (NOON + timedelta(minutes=40), "40 minutes left", "waiting"),
        (NOON + timedelta(hours=4), "4 hours left", "waiting"),
        (NOON + timedelta(days=9), "9 days left", "neutral"),
        (NOON - timedelta(minutes=1), "1 minute late", "bad"),
        (NOON - timedelta(hours=30), "30 hours late", "bad"),
        (NOON - timedelta(days=2), "2 days late", "bad"),
        (None, "", "neutral"),
    ],
)
def test_a_deadline_says_in_words_how_long_is_left(due, words, tone):
    assert time_left(due, NOON) == words
    assert deadline_tone(due, NOON) == tone


def test_a_status_without_a_tone_of_its_own_is_neutral():
    assert status_tone("closed") == "neutral"
    assert status_tone("accepted") == "good"


@pytest.mark.parametrize("tone", sorted(set(TONES.values())))
def test_a_tone_is_its_own_tone(tone):
    assert status_tone(tone) == tone


def test_a_filter_keeps_the_other_filters_and_goes_back_to_the_first_page():
    request = RequestFactory().get("/signals/", {"form": "labour", "page": "3"})
    tag = Template('{% load look %}{% query_with "status" "received" %}')

    assert tag.render(Context({"request": request})) == "?form=labour&amp;status=received"


def test_an_empty_filter_leaves_the_address():
    request = RequestFactory().get("/signals/", {"status": "received"})
    tag = Template('{% load look %}{% query_with "status" "" %}')

    assert tag.render(Context({"request": request})) == "?"


def test_a_badge_always_has_a_word():
    badge = render_to_string(
        "components/status_badge.html", {"status": "received", "label": "Received"}
    )

    assert "Received" in badge
    assert "waiting" in badge
