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
    tell_of_new_keys,
)
from signals.links.models import POINTS, STRONG, SURROUNDINGS, Dismissal, LinkWeights, NewKeys
from signals.links.querysets import KeyRow
from signals.links.rules import COMMON, meetings, percentage, weights_of
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
    weights = LinkWeights(**dict.fromkeys(POINTS, 0) | {"plate": 70, "phone": 5})

    def score(others):
        rows = [KeyRow(uuid7(), KeyKind.PLATE, plate, uuid7()) for _ in range(others)]
        return {meeting.score for meeting in meetings(mine, rows, weights).values()}

    assert [score(n) for n in (3, 4, 20, 21, 201)] == [{70}, {35}, {35}, {14}, set()]
    assert [percentage(most) for most, _percent in COMMON] == [100, 50, 20]
    assert {*POINTS} - {STRONG} == {*KeyKind.values, SURROUNDINGS}
    assert len(weights_of(weights)) == len(POINTS) - 1
    assert [row.points for row in weights_of(weights)][:3] == [70, 5, 0]


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        (("Mohammed", "el Amrani"), ("Muhamed", "Amrani")),  # Arabic, as officials spell it
        (("Jan", "Kowalski"), ("Jan", "Kovalsky")),  # Polish
        (("Chinedu", "Okafor"), ("Tsjinedu", "Okaphor")),  # Nigerian, English and Dutch letters
    ],
)
def test_names_that_sound_the_same_are_a_weak_reason_said_once(analyst, written, heard):
    def named(given, family, **more):
        return item("person", role="victim", given_names=given, family_name=family, **more)

    one, other = naming(named(*written)), naming(named(*heard))
    naming(named(written[0], ""))  # of a first name alone the sound says too little
    naming(named("Bob", "Bakker"))

    assert suggested(one, analyst) == [(other, [KeyKind.SOUND], 25)]
    known = naming(named(*written, birth="1990")), naming(named(*written, birth="1990"))
    assert (known[1], [KeyKind.WORDS_AND_YEAR], 40) in suggested(known[0], analyst)


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


def test_a_handler_is_told_within_seconds_of_what_a_new_signal_names(analyst):
    make_organisation(OrganisationType.EMM)
    mine = naming(VAN)
    with acting(analyst, purpose="test"):
        take_up_signal(mine, by=analyst, at=timezone.now())
    naming(item("company", web="a.example"))
    naming(VAN)
    with acting(service(Role.SERVICE_SWEEPER), purpose="test") as sweeper:
        assert NewKeys.objects.count() == 3
        assert tell_of_new_keys(by=sweeper, at=timezone.now())
        assert not tell_of_new_keys(by=sweeper, at=timezone.now())
        assert tell_handlers(by=sweeper, at=timezone.now()) == 0
    with acting(analyst, purpose="test"):
        [notice] = Notice.objects.filter(kind="signal_resembles")
        assert (notice.object_id, notice.user) == (str(mine.pk), analyst.user)
        assert not NewKeys.objects.exists()
