"""When plan or risk is to be looked at again, whoever has the case is told of it once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from referral.access.context import acting, service
from referral.cases.actions import Proposal, accept_handoff, offer_handoff
from referral.cases.planning.actions import begin_review, remind_of_reviews
from referral.cases.planning.models import CarePlan
from referral.cases.workflow import CaseStatus
from referral.notices.models import Notice
from referral.organisations.roles import Role
from referral.sharing.models import Purpose
from tests.factories.cases import case_at, colleague_of, doing, give_consent, make_country
from tests.factories.planning import absence_of, in_days, plan_of, risk_of

pytestmark = pytest.mark.django_db


def go_round(days):
    at = timezone.now() + timedelta(days=days)
    with acting(service(Role.SERVICE_SWEEPER), purpose="test") as sweeper:
        return remind_of_reviews(by=sweeper, at=at)


def told():
    """Kind, person and address of every notice on a review, whoever may read it."""
    with acting(service(Role.SERVICE_RELAY), purpose="test"), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
        found = Notice.objects.filter(kind__endswith="_to_review", kind__regex="^(plan|risk)")
        rows = list(found.order_by("pk").values_list("kind", "user", "organisation", "url"))
        cursor.execute("SET LOCAL ROLE baken_web")
        return rows


def test_who_has_the_case_is_told_of_each_day_once_and_a_new_owner_anew():
    country = make_country()
    alice, bob = country.alice, country.bob
    case = case_at(CaseStatus.ACTIVE, country)
    plan_of(case, by=alice, agreed=True)
    risk_of(case, by=alice, days=10)
    risk_of(case, by=colleague_of(alice), days=20)  # the newest holds
    with doing(alice):
        review = (CarePlan.objects.get(case=case).review_on - timezone.localdate()).days
    assert 80 < review < 100

    assert [go_round(days) for days in (0, 19, 20, 20, 21)] == [0, 0, 1, 0, 0]
    assert [go_round(days) for days in (review - 1, review, review + 1)] == [0, 1, 0]
    hers = (alice.user_id, alice.organisation_id)
    assert [row[:3] for row in told()] == [("risk_to_review", *hers), ("plan_to_review", *hers)]
    assert [row[3].endswith(f"#{slug}") for row, slug in zip(told(), ("risk", "plan"), strict=True)]

    give_consent(case, Purpose.HANDOFF, by=alice)
    with doing(alice):
        proposal = Proposal(case=case, care_region=country.there, reason="moved")
        handoff = offer_handoff(proposal, by=alice, at=timezone.now())
    with doing(bob):
        accept_handoff(handoff, warm_meeting_on=in_days(3), by=bob, at=timezone.now())
        stand_in = absence_of(bob, first=0).stand_in_id
    assert [go_round(review), go_round(review)] == [2, 0]
    theirs = (stand_in, bob.organisation_id)
    kinds = ("plan_to_review", "risk_to_review")
    assert [row[:3] for row in told()[2:]] == [(kind, *theirs) for kind in kinds]
    risk_of(case, by=bob, days=1)
    with doing(bob):
        begin_review(case, by=bob, at=timezone.now())
    assert go_round(review) == 1  # what is taken up already needs no word; a new risk is a new day
    with doing(bob), connection.cursor() as cursor:  # and nobody but the clock learns anything so
        cursor.execute("SELECT * FROM baken.tell_of_reviews('2099-01-01')")
        assert cursor.fetchall() == []
