"""Counts of rooms that do not know each other are fetched in one statement."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from referral.lib.tally import Tally

pytestmark = pytest.mark.django_db


def test_what_is_asked_apart_is_fetched_together_when_the_first_is_read():
    everything = ContentType.objects.order_by("model")
    tally = Tally(waits=True)
    with CaptureQueriesContext(connection) as asked:
        one = tally.of(every=everything, none=everything.none())
        other = tally.of(cases=everything.filter(app_label="cases", model="case"))
        assert not asked.captured_queries
        found = dict(one), dict(other), other.get("persons")
    assert found == ({"every": len(everything), "none": 0}, {"cases": 1}, None)
    assert len(asked) == 1

    with CaptureQueriesContext(connection) as asked:
        alone = Tally().of(cases=everything.filter(model="case"))
    assert (len(asked), len(alone), alone["cases"]) == (1, 1, 1)


def test_a_short_list_comes_along_in_its_order():
    found = ContentType.objects.filter(app_label="cases").order_by("-model")
    tally = Tally(waits=True)
    with CaptureQueriesContext(connection) as asked:
        counts = tally.of(cases=found)
        rows, none = tally.rows(found.values("id", "model")[:2]), tally.rows(found.none())
        assert (len(rows), len(none), counts["cases"]) == (2, 0, len(found))
    assert len(asked) == 2, "the last is the list that the test lays beside it"
    assert [row["model"] for row in rows] == [one.model for one in found[:2]]
    assert rows[0]["id"] == found[0].pk
