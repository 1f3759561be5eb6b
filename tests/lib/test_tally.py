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
