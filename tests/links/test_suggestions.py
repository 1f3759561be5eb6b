"""What is suggested and why, what never is, and who is told."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from referral.access.context import acting, service
from referral.lib.ids import uuid7
from referral.notices.models import Notice
from referral.organisations.roles import OrganisationType, Role
from signals.actions import take_up_signal
from signals.actions.items import write_items
from signals.actions.triage import keys_of
from signals.links.actions import (
    dismiss_suggestion,
    list_known_hits,
    list_suggestions,
    tell_handlers,
)
from signals.links.models import Dismissal
from signals.links.querysets import KeyRow
from signals.links.rules import COMMON, SURROUNDINGS, WEIGHTS, meetings, percentage
from signals.models import KeyKind
from tests.factories.links import PHONE, VAN, make_link, naming
from tests.factories.people import make_member, make_organisation
from tests.factories.signals import item, make_signal, split_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst():
    return make_member(Role.EMM_ANALYST)


def suggested(signal, member):
    with acting(member, purpose="test"):
        found = list_suggestions(signal, by=member, at=timezone.now())
    return [(one.signal, [reason.kind for reason in one.reasons], one.score) for one in found]


def test_signals_that_share_are_suggested_with_reasons_the_likeliest_first(analyst):
    person = {"role": "victim", "given_names": "Alice", "family_name": "Voorbeeld"}
    one = naming(VAN, PHONE, item("person", **person, birth="31-12-1990"))
    plate = naming(VAN)
    both = naming(VAN, PHONE, item("person", **person, birth="1990"))
    same = naming(item("person", **person, birth="31-12-1990"))
    naming(item("vehicle", plate="AA-11-BB"))

    assert suggested(one, analyst) == [
        (both, [KeyKind.PLATE, KeyKind.PHONE, KeyKind.WORDS_AND_YEAR], 100),
        (same, [KeyKind.NAME_AND_DATE], 80),
        (plate, [KeyKind.PLATE], 70),
    ]


def test_what_surrounds_two_signals_is_a_weak_reason(analyst):
    one, near = make_signal(), make_signal()
    long_ago = DateRange(date(2026, 1, 1), date(2026, 1, 2))
    make_signal(at=timezone.now() - timedelta(days=9), observed=long_ago)
    make_signal(municipality_code="GM0599")
    make_signal(place_kind="hotel")
    make_signal(forms=["criminal"])

    assert suggested(one, analyst) == [(near, [SURROUNDINGS], 10)]


def test_what_many_share_weighs_less_and_what_hundreds_share_nothing():
    plate, own = b"p" * 32, uuid7()
    mine = [KeyRow(own, KeyKind.PLATE, plate, uuid7())]

    def score(others):
        rows = [KeyRow(uuid7(), KeyKind.PLATE, plate, uuid7()) for _ in range(others)]
        return {meeting.score for meeting in meetings(mine, rows).values()}

    assert [score(n) for n in (3, 4, 20, 21, 201)] == [{70}, {35}, {35}, {14}, set()]
    assert [percentage(most) for most, _percent in COMMON] == [100, 50, 20]
    assert {weight.kind for weight in WEIGHTS} == {*KeyKind.values, SURROUNDINGS}
    assert [weight.points for weight in WEIGHTS] == sorted(
        (weight.points for weight in WEIGHTS), reverse=True
    )


def test_what_is_settled_is_not_suggested_again_until_they_share_something_new(analyst):
    officer = make_member(Role.LE_POLICE)
    one, other, linked = naming(VAN, by=officer), naming(VAN, PHONE), naming(VAN)
    make_link(one, linked, analyst=analyst)
    with acting(analyst, purpose="test"):
        dismissed = dismiss_suggestion(one, other=other, by=analyst, at=timezone.now())

    assert dismissed.dismissed_by == analyst.user
    assert suggested(one, analyst) == suggested(other, analyst)[1:] == []
    [split] = split_up(officer)
    assert suggested(split, analyst)  # with the others that name the same van, and not its origin
    naming(PHONE)
    _names_as_well(one, PHONE, by=officer)
    assert other in [signal for signal, _reasons, _score in suggested(one, analyst)]


def _names_as_well(signal, entry, *, by):
    """As an amendment leaves it: one key more."""
    with acting(by, purpose="test"):
        key = keys_of([signal], by=by)[signal.pk]
        write_items([(signal, [entry], key)], came_in=1, at=timezone.now(), by=by)


def test_a_reporter_hears_of_what_it_may_read_anyway_and_of_nothing_else(analyst):
    alice, bob = make_member(Role.LE_POLICE), make_member(Role.LE_POLICE)
    theirs, first = naming(VAN, by=bob), naming(PHONE, by=alice)
    second = naming(VAN, PHONE, by=alice)

    with acting(alice, purpose="test"):
        hits = list_known_hits(second, by=alice, at=timezone.now())
    assert [hit.signal for hit in hits] == [first]
    assert {signal for signal, _reasons, _score in suggested(second, analyst)} == {first, theirs}


def test_the_suggestions_of_a_signal_cost_the_same_however_many_there_are(analyst):
    one = naming(VAN, PHONE, place_kind="hotel")
    counts = []
    for _ in range(2):
        naming(VAN, PHONE, place_kind="hotel")
        with acting(analyst, purpose="test"), CaptureQueriesContext(connection) as asked:
            list_suggestions(one, by=analyst, at=timezone.now())
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


def test_who_has_a_signal_is_told_once_of_a_strong_suggestion(analyst):
    make_organisation(OrganisationType.EMM)
    one, other, weak = naming(VAN, PHONE), naming(VAN), naming(item("company", web="a.example"))
    naming(item("company", web="a.example"))
    with acting(analyst, purpose="test"):
        for signal in (one, weak):
            take_up_signal(signal, by=analyst, at=timezone.now())
    with acting(service(Role.SERVICE_SWEEPER), purpose="test") as sweeper:
        told = [tell_handlers(by=sweeper, at=timezone.now()) for _ in range(2)]

    assert told == [1, 0]
    with acting(analyst, purpose="test"):
        notices = Notice.objects.filter(kind="signal_resembles")
        assert [(n.object_id, n.user) for n in notices] == [(str(one.pk), analyst.user)]
    assert other.taken_up_by is None
    assert Dismissal.objects.count() == 0
