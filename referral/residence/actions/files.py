"""Beginning a file for a registered person, and looking at files: a look is a deed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.audit.actions import record
from referral.lib.tally import Tally
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.registrations.models import Registration
from referral.residence.actions.parts import ids_of, lengths_on
from referral.residence.models import (
    Deadline,
    DeadlineKind,
    PoliceReport,
    PoliceSide,
    Reflection,
    ResidenceFile,
    Step,
    Track,
)
from referral.residence.querysets import one_of
from referral.residence.rules import (
    Next,
    Permit,
    ResidenceRefused,
    continued_stay_from,
    earlier_permits,
    next_step,
    soon,
    what_follows,
)

#: The home page shows so many days that end soon.
LINES_ON_HOME = 5


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file as one member sees it; what is None is not for them."""

    file: ResidenceFile
    reflection: Reflection
    track: Track
    report: PoliceReport | None
    police_side: PoliceSide | None
    steps: Sequence[Step]
    deadlines: Sequence[Deadline]
    permits: Sequence[Permit]
    next: Next | None
    follows: Sequence[str]
    continued_from: date | None

    @property
    def today(self) -> date:
        return timezone.localdate()


@transaction.atomic
def begin_residence_file(
    registration: Registration, *, by: Membership, at: datetime
) -> ResidenceFile:
    """The service that registered a presumed victim keeps dates of residence and report."""
    return begin_residence_files([registration], by=by, at=at)[0]


@transaction.atomic
def begin_residence_files(
    registrations: Sequence[Registration], *, by: Membership, at: datetime
) -> list[ResidenceFile]:
    """Many at once, for the made-up country and for imports; one is many of length one."""
    persons = [registration.person_id for registration in registrations]
    if ResidenceFile.objects.visible_to(by).filter(person__in=persons).exists():
        raise ResidenceRefused(_("There is a residence file of this person already."))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval('residence_file_number') FROM generate_series(1, %s)", [len(persons)]
        )
        numbers = [number for (number,) in cursor.fetchall()]
    files = [
        ResidenceFile(
            reference=f"VRB-{timezone.localdate(at).year}-{number:06}",
            person_id=registration.person_id,
            registration=registration,
            police_id=by.organisation_id,
            opened_at=at,
            opened_by=by.user,
        )
        for registration, number in zip(registrations, numbers, strict=True)
    ]
    ResidenceFile.objects.bulk_create(files)
    now = {"changed_at": at, "changed_by": by.user}
    Reflection.objects.bulk_create(Reflection(file=file, **now) for file in files)
    Track.objects.bulk_create(Track(file=file, **now) for file in files)
    PoliceReport.objects.bulk_create(PoliceReport(file=file, **now) for file in files)
    PoliceSide.objects.bulk_create(PoliceSide(file=file, **now) for file in files)
    for file in files:
        record("residence_file_begun", on=file, by=by, at=at)
    return files


@transaction.atomic
def open_file(file: ResidenceFile, *, by: Membership, at: datetime) -> OpenedFile:
    """Look at a file. Raises ResidenceFile.DoesNotExist when it is not there for this member."""
    found = ResidenceFile.objects.visible_to(by).with_all().get(pk=file.pk)
    return _opened(found, by=by, at=at)


@transaction.atomic
def open_file_of(person: UUID, *, by: Membership, at: datetime) -> OpenedFile | None:
    """Look at the file of a person whose case is open; None where there is none to see."""
    found = ResidenceFile.objects.visible_to(by).with_all().filter(person=person).first()
    return None if found is None else _opened(found, by=by, at=at)


def _opened(file: ResidenceFile, *, by: Membership, at: datetime) -> OpenedFile:
    record("residence_file_opened", on=file, by=by, at=at)
    reflection, track = file.reflection, file.track
    report = one_of(PoliceReport.objects.visible_to(by), file=file)
    steps = list(Step.objects.visible_to(by).filter(file=file).oldest_first())
    days = Deadline.objects.visible_to(by).filter(file=file).open_or_of_permits().soonest_first()
    deadlines = [one for one in days if one.closed_at is None]
    ends = [one for one in days if one.kind == DeadlineKind.PERMIT_END]
    lengths = lengths_on(timezone.localdate(at))
    return OpenedFile(
        file=file,
        reflection=reflection,
        track=track,
        report=report,
        police_side=one_of(PoliceSide.objects.visible_to(by), file=file),
        steps=steps,
        deadlines=deadlines,
        permits=earlier_permits(steps, ends),
        next=next_step(reflection, track, report, deadlines),
        follows=what_follows(reflection, track, report),
        continued_from=continued_stay_from(track, steps, lengths),
    )


@transaction.atomic
def days_of(person: UUID, *, by: Membership, at: datetime) -> list[Deadline]:
    """For a shelter: on which day the reflection period of a resident ends, and no more."""
    found = list(Deadline.objects.visible_to(by).filter(person=person).open().soonest_first())
    record("residence_terms_listed", by=by, at=at, ids=ids_of(found))
    return found


@transaction.atomic(savepoint=False)
def list_deadlines(found: Iterable[Deadline], *, by: Membership, at: datetime) -> list[Deadline]:
    """One page of a list that was scoped by visible_to; the trail gets the ids shown."""
    lines = list(found)
    record("residence_terms_listed", by=by, at=at, ids=ids_of(lines))
    return lines


@transaction.atomic
def list_files(
    found: Iterable[ResidenceFile], *, by: Membership, at: datetime
) -> list[ResidenceFile]:
    files = list(found)
    record("residence_files_listed", by=by, at=at, ids=ids_of(files))
    return files


@dataclass(frozen=True, slots=True)
class HomeDeadlines:
    """What the home page shows of residence; `kind` is empty where there is nothing to show."""

    kind: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    deadlines: Sequence[Deadline] = ()


READERS = (
    Permission.REPORT_KEEP,
    Permission.RESIDENCE_DECIDE,
    Permission.RESIDENCE_READ_ALL,
    Permission.RESIDENCE_READ_GRANTED,
    Permission.REFLECTION_READ_END,
)


@transaction.atomic(savepoint=False)
def list_home_deadlines(
    *, by: Membership, at: datetime, tally: Tally | None = None
) -> HomeDeadlines:
    """The days that end soon, for who works with them."""
    if not any(map(by.may, READERS)):
        return HomeDeadlines()
    near = Deadline.objects.visible_to(by).open().until(soon(timezone.localdate(at)))
    counts = (tally or Tally()).of(near=near)
    first = list(near.soonest_first()[:LINES_ON_HOME])
    if not first:
        return HomeDeadlines()
    return HomeDeadlines("terms", counts, list_deadlines(first, by=by, at=at))
