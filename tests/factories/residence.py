"""Files of residence in any state, by the deeds that lead there."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from referral.access.context import acting
from referral.cases.models import Case
from referral.organisations.models import Membership
from referral.organisations.roles import OrganisationType, Role
from referral.registrations.models import Registration
from referral.residence import actions
from referral.residence.models import OfferGround, ResidenceFile, TermCode
from referral.residence.rules import Decision
from referral.residence.workflow import TrackStatus
from tests.factories.people import make_member, make_organisation


@contextmanager
def looking() -> Iterator[None]:
    """Past the policies, to see how it is; back when the block ends."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
        yield
        cursor.execute("SET LOCAL ROLE baken_web")


def registration_of(case: Case | UUID) -> Registration:
    key = case if isinstance(case, UUID) else case.pk
    with looking():
        return Registration.objects.get(case=key)


def make_liaison() -> Membership:
    """The immigration service that files are sent to, and who works there."""
    return make_member(Role.IND_LIAISON, organisation=make_organisation(OrganisationType.IND))


def file_of(registration: Registration, *, officer: Membership) -> ResidenceFile:
    with acting(officer, purpose="test"):
        return actions.begin_residence_file(registration, by=officer, at=timezone.now())


def running(
    registration: Registration,
    *,
    officer: Membership,
    starts_on: date,
    term: TermCode = TermCode.REFLECTION,
    at: datetime | None = None,
) -> ResidenceFile:
    """A file whose reflection period runs from this day; there must be an immigration service."""
    at = at or timezone.now()
    file = file_of(registration, officer=officer)
    before = starts_on - timedelta(days=1)
    with acting(officer, purpose="test"):
        who = {"by": officer, "at": at}
        actions.offer_reflection(file, ground=OfferGround.EXPLOITED, on=before, **who)
        actions.grant_reflection(file, on=before, **who)
        actions.begin_reflection(file, term=term, on=starts_on, **who)
    return now_of(file)


def permitted(file: ResidenceFile, *, officer: Membership, liaison: Membership, on: date) -> None:
    """Form M55 sent, and a permit granted on ground b from that day."""
    now = timezone.now()
    with acting(officer, purpose="test"):
        actions.send_m55(file, on=on, by=officer, at=now)
    decision = Decision(on=on, ground="b", permit_from=on)
    with acting(liaison, purpose="test"):
        actions.decide_on_residence(
            file, to=TrackStatus.GRANTED, decision=decision, by=liaison, at=now
        )


def now_of(file: ResidenceFile) -> ResidenceFile:
    """The file with its lines as they are now."""
    with looking():
        lines = ("reflection", "track", "report", "police_side", "immigration")
        return ResidenceFile.objects.select_related(*lines).get(pk=file.pk)
