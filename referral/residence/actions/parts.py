"""Parts of several deeds: hold a file still, keep a step, set and close its days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.audit.actions import record
from referral.lib.terms import end_of_term
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import OrganisationType
from referral.residence.models import (
    Deadline,
    DeadlineKind,
    Reflection,
    ResidenceFile,
    Step,
    TermCode,
    TermLength,
    Track,
)
from referral.residence.rules import MoveRefused, ResidenceRefused, check_move
from referral.residence.workflow import Line

#: A line of a file is one of these.
Moved = models.Model


@dataclass(frozen=True, slots=True)
class Deed:
    """Who does something to which file, and when: what every part of a deed is told."""

    file: ResidenceFile
    by: Membership
    at: datetime

    @property
    def today(self) -> date:
        return timezone.localdate(self.at)

    def length(self, code: TermCode, day: date | None = None) -> TermLength:
        """How long a term lasts that begins on this day."""
        found = TermLength.objects.valid_on(day or self.today).filter(code=code).first()
        if found is None:
            words = _("No length of this term holds on that day. Ask who keeps the terms.")
            raise ResidenceRefused(words, on=words)
        return found

    def last_day(self, code: TermCode, begins: date) -> date:
        length = self.length(code, begins)
        return end_of_term(begins, months=length.months, days=length.days)

    def reflection(self) -> Reflection:
        return Reflection.objects.visible_to(self.by).select_for_update().get(file=self.file)

    def track(self) -> Track:
        return Track.objects.visible_to(self.by).select_for_update().get(file=self.file)

    def move(self, line: Line, row: models.Model, to: str, *, on: date, code: str = "") -> None:
        """Move a line along its table, keep the step and the line in the trail."""
        before = str(row.status)  # type: ignore[attr-defined]
        check_move(self.by, self.file, line, before, to)
        self.follow(line, row, to, on=on, code=code)

    def follow(self, line: Line, row: models.Model, to: str, *, on: date, code: str = "") -> None:
        """As `move`, where the step follows from another deed of the same member."""
        before = str(row.status)  # type: ignore[attr-defined]
        row.status = to  # type: ignore[attr-defined]
        row.changed_at, row.changed_by = self.at, self.by.user  # type: ignore[attr-defined]
        row.save()
        Step(
            file=self.file,
            line=line,
            status_before=before,
            status=to,
            code=code,
            happened_on=on,
            recorded_at=self.at,
            recorded_by=self.by.user,
        ).save(force_insert=True)
        details = {"line": line, "from": before, "to": to}
        record("residence_step_kept", on=self.file, by=self.by, at=self.at, details=details)

    def plan(self, kind: DeadlineKind, ends_on: date) -> None:
        """From now on this is the last day of that kind."""
        self.close(kind, kept=False)
        Deadline(file=self.file, person_id=self.file.person_id, kind=kind, ends_on=ends_on).save(
            force_insert=True
        )

    def close(self, *kinds: DeadlineKind, kept: bool) -> None:
        Deadline.objects.visible_to(self.by).open().filter(file=self.file, kind__in=kinds).update(
            closed_at=self.at, closed_by=self.by.user, kept=kept
        )

    def send(self) -> bool:
        """To the immigration service, once; True when it went now."""
        if self.file.immigration_id is not None:
            return False
        service = Organisation.objects.of_type(OrganisationType.IND).order_by("pk").first()
        if service is None:
            raise ResidenceRefused(_("There is no immigration service in Baken to send it to."))
        self.file.immigration = service
        self.file.save(update_fields=["immigration"])
        return True


def held(file: ResidenceFile, *, by: Membership, at: datetime) -> Deed:
    """The file as it is now; nobody else moves its lines meanwhile.

    Raises ResidenceFile.DoesNotExist when it is not there for this member, and MoveRefused when
    it is theirs to read only.
    """
    seen = ResidenceFile.objects.visible_to(by).filter(pk=file.pk)
    found = (
        seen.select_related("police", "immigration", "opened_by")
        .select_for_update(of=["self"])
        .first()
    )
    if found is None:
        if seen.exists():
            raise MoveRefused(_("Your organisation can read this file, and changes nothing in it."))
        raise ResidenceFile.DoesNotExist
    return Deed(found, by, at)


def lengths_on(day: date) -> dict[str, TermLength]:
    return {length.code: length for length in TermLength.objects.valid_on(day)}


def ids_of(rows: Iterable[models.Model]) -> Sequence[object]:
    return [row.pk for row in rows]
