"""Terms are followed by a next version: by who keeps them, from a day to come, and never changed."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from referral.access.context import acting
from referral.audit.models import AuditEvent
from referral.cases.actions.offering import terms_at as handoff_terms_at
from referral.cases.models import HandoffTerm
from referral.cases.planning.models import PlanningTerm
from referral.cases.planning.rules import terms_on
from referral.organisations.roles import Role
from referral.residence.models import TermLength
from referral.terms.actions import give_terms
from referral.terms.models import Confirmation
from referral.terms.rules import HANDOVER, PLANNING, RESIDENCE, SHELTER, NewVersion, TermsRefused
from shelters.models import ShelterTerm
from tests.factories.cases import doing
from tests.factories.people import make_member, sign_in
from tests.factories.residence import looking

pytestmark = pytest.mark.django_db
HANDOVER_DAYS = {"remind_days": 2, "answer_days": 4, "escalate_days": 5, "expire_days": 20}


def test_a_next_version_holds_from_its_day_and_the_past_stays_as_it_was(client):
    admin, now = make_member(Role.PLATFORM_ADMIN), timezone.now()
    today = timezone.localdate(now)
    later, page = today + timedelta(days=30), reverse("terms:all")
    sign_in(client, admin)
    sent = {
        **HANDOVER_DAYS, "book": "handover", "source": "Agreement of the chain",
        "certainty": "choice", "from_day": f"{later:%d-%m-%Y}",
    }  # fmt: skip
    with override("en"):
        refused = client.post(page, {**sent, "escalate_days": 4}, headers={"accept-language": "en"})
        assert (refused.status_code, "after the last day" in refused.content.decode()) == (
            422,
            True,
        )
        assert client.post(page, sent).status_code == 302
    shown = client.get(page).content.decode()
    assert shown.count("Agreement of the chain") == len(HANDOVER_DAYS)
    before, after = handoff_terms_at([now, now + timedelta(days=31)])
    assert (before.answer_days, after.answer_days) == (2, 4)
    with looking():
        assert AuditEvent.objects.filter(action="terms_given").count() == 1
        assert Confirmation.objects.get().handover == after

    who = {"by": admin, "at": now}
    next_review = {"numbers": {"months": 4, "days": 0}, "source": "B", "certainty": "found"}
    review = {"book": PLANNING, "code": "plan_review", **next_review}
    with doing(admin):
        give_terms(NewVersion(**review, from_day=later), **who)
        old, new = terms_on(today, by=admin), terms_on(later, by=admin)
        assert old["plan_review"].months != new["plan_review"].months == 4
        assert old["plan"] == new["plan"]
        # Not today, not before the version that was just given, and not so far that it closes the book.
        for day in (today, later, today + timedelta(days=800)):
            with pytest.raises(TermsRefused):
                give_terms(NewVersion(**review, from_day=day), **who)
        with pytest.raises(TermsRefused, match="verander"):
            give_terms(NewVersion(**review, from_day=later + timedelta(days=1)), **who)
        permit = {**review, "book": RESIDENCE, "code": "permit"}
        none = {**permit, "numbers": {"months": 0, "days": 0}}
        with pytest.raises(TermsRefused):
            give_terms(NewVersion(**none, from_day=later), **who)
        assert give_terms(NewVersion(**permit, from_day=later), **who).certainty == "found"
        hours = {n.name: 90 for n in SHELTER.numbers} | {"answer_hours": 6, "record_days": 7}
        shelter = NewVersion(SHELTER, hours, "B", "to_check", later)
        assert give_terms(shelter, **who).version == 2
    assert client.get(page).status_code == 200


def test_both_locks_keep_terms_from_everybody_else_and_the_past_from_everybody():
    admin, other, now = make_member(Role.PLATFORM_ADMIN), make_member(Role.ZC), timezone.now()
    day = timezone.localdate(now) + timedelta(days=9)
    new = NewVersion(HANDOVER, HANDOVER_DAYS, "B", "found", day)
    moment = now + timedelta(days=9)
    with acting(other, purpose="test"), pytest.raises(PermissionDenied):
        give_terms(new, by=other, at=now)

    ends = [
        (PlanningTerm, DateRange(None, day)),
        (TermLength, DateRange(None, day)),
        (HandoffTerm, DateTimeTZRange(None, moment)),
        (ShelterTerm, DateTimeTZRange(None, moment)),
    ]
    past = [
        (PlanningTerm, DateRange(None, day - timedelta(days=30))),
        (HandoffTerm, DateTimeTZRange(None, now - timedelta(days=1))),
        (ShelterTerm, DateTimeTZRange(now - timedelta(days=1), None)),
    ]
    for model, valid in ends:
        with doing(other):
            assert model.objects.exists()
            assert model.objects.update(valid=valid) == 0
        with doing(admin), pytest.raises(DatabaseError, match="permission denied"):
            model.objects.update(source="Another text.")
    for model, valid in past:
        with doing(admin), pytest.raises(DatabaseError, match="stay_as_they_were"):
            model.objects.update(valid=valid)
    begun = HandoffTerm(version=2, source="B", valid=(now, None), **HANDOVER_DAYS)
    with doing(admin), pytest.raises(DatabaseError, match="stay_as_they_were"):
        begun.save(force_insert=True)
    begun.valid = DateTimeTZRange(moment, None)
    with doing(other), pytest.raises(DatabaseError, match="row-level security"):
        begun.save(force_insert=True)

    with doing(admin):
        give_terms(new, by=admin, at=now)
        assert Confirmation.objects.visible_to(admin).exists()
    with doing(other):
        assert not Confirmation.objects.visible_to(other).exists()
        assert not Confirmation.objects.exists()
    broken = {
        "confirmation_is_of_one_version": {"handover": None},
        "confirmation_certainty_is_known": {"certainty": "x"},
    }
    for name, values in broken.items():
        with looking(), pytest.raises(DatabaseError, match=name), transaction.atomic():
            Confirmation.objects.update(**values)
