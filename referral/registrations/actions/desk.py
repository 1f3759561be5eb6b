"""The deeds of the national desk: return what is incomplete, register what is complete."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from referral.access.secrets import seal
from referral.audit.actions import Line, record, record_many
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership
from referral.persons.actions import open_identities
from referral.registrations.actions.parts import (
    NATIONAL,
    all_locked,
    locked,
    next_numbers,
    tell_reporter,
)
from referral.registrations.models import Missing, Registration
from referral.registrations.rules import Incomplete, MoveRefused, check_move, missing_from
from referral.registrations.workflow import Status

# One statement however many rows; the arrays are one parameter a column. The trigger and the
# constraints check each row as they check a single one.
COMPLETE = """
UPDATE registrations_registration r
SET status = 'registered', national_number = done.number, registered_at = done.at,
    registered_by_id = done.member, care_needed = done.care
FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[], %s::bigint[], %s::boolean[])
    AS done (id, number, at, member, care)
WHERE r.id = done.id
"""


@transaction.atomic
def return_registration(
    registration: Registration,
    *,
    missing: Sequence[str],
    question: str = "",
    by: Membership,
    at: datetime,
) -> Registration:
    """Ask the reporter to complete it: what is missing, and a question in words, sealed."""
    registration = locked(registration, by)
    check_move(by, registration, Status.RETURNED)
    wanted = [code.value for code in Missing if code.value in missing]
    if question and not wanted:
        wanted = [Missing.OTHER.value]
    registration.status, registration.missing = Status.RETURNED, wanted
    registration.returned_at, registration.returned_by = at, by.user
    registration.question = _sealed_question(registration, question)
    registration.save(update_fields=["status", "missing", "returned_at", "returned_by", "question"])
    record("registration_returned", on=registration, by=by, at=at, details={"missing": wanted})
    tell_reporter(registration, Kind.REGISTRATION_RETURNED, at=at)
    return registration


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """A registration that the desk checked. `at` is when, if not at the deed itself."""

    registration: Registration
    care_needed: bool
    at: datetime | None = None


@transaction.atomic
def complete_registrations(
    completions: Sequence[Completion], *, by: Membership, at: datetime
) -> list[Registration]:
    """Take these reports into the national registration, each with its number: all or none.

    Raises MoveRefused, and Incomplete with what the first one lacks. A case for who needs care
    is offered by the room of cases, which finds them by Registration.objects.needing_care().
    """
    wanted = {completion.registration.pk: completion for completion in completions}
    locked = all_locked(wanted, by)
    for registration in locked:
        check_move(by, registration, Status.REGISTERED)
    known = open_identities([registration.person for registration in locked], by=by, at=at)
    for registration in locked:
        if wanted[registration.pk].care_needed and not registration.is_full:
            raise MoveRefused(_("Care is coordinated once the registration says who it is."))
    for registration in locked:
        if missing := missing_from(registration, known[registration.person_id]):
            raise Incomplete(missing)
    moments = [wanted[registration.pk].at or at for registration in locked]
    numbers = next_numbers(NATIONAL, "CM", 5, moments)
    for registration, number, moment in zip(locked, numbers, moments, strict=True):
        registration.status, registration.national_number = Status.REGISTERED, number
        registration.registered_at, registration.registered_by = moment, by.user
        registration.care_needed = wanted[registration.pk].care_needed
    _write_completed(locked)
    record_many(
        [Line(action="registration_completed", on=registration) for registration in locked],
        by=by,
        at=at,
    )
    post_many(
        [
            Letter(
                kind=Kind.REGISTRATION_COMPLETED,
                to=registration.organisation,
                user=registration.submitted_by,
                on=registration,
            )
            for registration in locked
        ],
        at=at,
    )
    return locked


def complete_registration(
    registration: Registration, *, care_needed: bool, by: Membership, at: datetime
) -> Registration:
    """One registration; the batch is the one path."""
    completion = Completion(registration=registration, care_needed=care_needed)
    return complete_registrations([completion], by=by, at=at)[0]


def _write_completed(completed: Sequence[Registration]) -> None:
    rows = [
        (r.pk, r.national_number, r.registered_at, r.registered_by_id, r.care_needed)
        for r in completed
    ]
    with connection.cursor() as cursor:
        cursor.execute(COMPLETE, [list(column) for column in zip(*rows, strict=True)] or [[]] * 5)


def _sealed_question(registration: Registration, question: str) -> bytes:
    key = registration.person.key
    if not question or key is None:
        return b""
    return seal({"question": question}, key=key, about=registration.about_question)
