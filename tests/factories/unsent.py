"""Forms of care that somebody began and did not send."""

from django.utils import timezone

from referral.cases.models import Case
from referral.cases.unsent.actions import Place, keep_form
from referral.cases.unsent.models import Kind, UnsentForm
from referral.organisations.models import Membership
from tests.factories.cases import doing

TYPED = {"text": ["A canary sat in the kitchen."]}


def unsent_of(case: Case, *, by: Membership, kind: Kind = Kind.NOTE) -> UnsentForm:
    place = Place(case=case, kind=kind, about=case.pk)
    with doing(by):
        return keep_form(place, TYPED, seen=0, by=by, at=timezone.now())
