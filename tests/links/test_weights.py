"""Weights are data: a next version from a day, kept as it was, and used from then on."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from referral.access.context import acting
from referral.organisations.roles import OrganisationType, Role
from signals.links.actions import list_suggestions, list_weights, set_weights, weights_at
from signals.links.models import POINTS, LinkWeights
from tests.factories.links import VAN, naming
from tests.factories.people import make_member, make_organisation, sign_in
from tests.signals.test_intake import raw

pytestmark = pytest.mark.django_db

TOMORROW = timezone.localdate() + timedelta(days=1)


def test_the_coordinator_sets_weights_that_hold_from_a_day(client):
    make_organisation(OrganisationType.EMM)
    coordinator, analyst = make_member(Role.EMM_COORDINATOR), make_member(Role.EMM_ANALYST)
    one, other = naming(VAN), naming(VAN)
    sign_in(client, coordinator)
    with acting(coordinator, purpose="test"):
        [first] = list_weights(by=coordinator)
    answers = {**first.terms, "since": f"{TOMORROW:%d-%m-%Y}", "reason": "Plates are rented."}
    assert "Nothing differs" in client.post("/signals/links/weights/", answers).text
    assert "Why this changes" in client.get("/signals/links/weights/").text
    page = client.post("/signals/links/weights/", answers | {"plate": 30}, follow=True).text

    assert "Plates are rented." in page
    assert "</span>70</del> → <strong>30</strong>" in page
    assert raw("SELECT count(*) FROM audit_auditevent WHERE action = 'link_weights_set'") == [(1,)]
    now = timezone.now()
    with acting(analyst, purpose="test"):
        for at, score, strong in ((now, 70, True), (now + timedelta(days=2), 30, False)):
            [found] = list_suggestions(one, by=analyst, at=at)
            assert (found.signal, found.score, found.strong) == (other, score, strong)
    assert "Plates are rented." not in client.get(f"/signals/{one.pk}/links/").text


def test_versions_of_weights_are_guarded():
    coordinator, analyst = make_member(Role.EMM_COORDINATOR), make_member(Role.EMM_ANALYST)
    now, row = timezone.now(), dict.fromkeys(POINTS, 10) | {"version": 3, "reason": "x"}
    with acting(coordinator, purpose="test"):
        points = weights_at(now, by=coordinator).terms | {"plate": 30}
        set_weights(points, since=TOMORROW, reason="x", by=coordinator, at=now)
        for name, changes in {
            "weights_hold_in_some_time": {"valid": DateTimeTZRange(now, now)},
            "weights_have_one_version_in_force": {},
            "weights_are_points_up_to_a_hundred": {"plate": 101},
            "weights_count_from_one_and_say_why": {"reason": ""},
        }.items():
            values = {"valid": DateTimeTZRange(now, None), **row, **changes}
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                LinkWeights.objects.create(**values)
        with pytest.raises(IntegrityError, match="version_keeps_its_words"), transaction.atomic():
            LinkWeights.objects.filter(version=1).update(valid=DateTimeTZRange(None, None))
    with acting(analyst, purpose="test"):
        with pytest.raises(Exception, match="does not set"):
            set_weights(points, since=TOMORROW, reason="x", by=analyst, at=now)
        with pytest.raises(Exception, match="row-level security"), transaction.atomic():
            LinkWeights.objects.create(**row, valid=DateTimeTZRange(None, now))
    with acting(make_member(Role.ZC), purpose="test"):
        assert not LinkWeights.objects.exists()
