"""The only writers of registrations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.access.secrets import seal, unseal
from referral.audit.actions import Line, record, record_many
from referral.lib.ids import uuid7
from referral.notices.actions import Letter, post, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import OrganisationType, Role
from referral.persons.actions import amend_person, create_persons, open_identities
from referral.persons.models import Person
from referral.persons.rules import PersonEntry
from referral.registrations.models import (
    HelpWanted,
    Missing,
    Registration,
    SignalLink,
    WithdrawalReason,
)
from referral.registrations.rules import (
    Incomplete,
    MoveRefused,
    RegistrationEntry,
    check_entry,
    check_move,
    missing_from,
    referrers,
    ruling_for,
)
from referral.registrations.workflow import Status
from referral.sharing.actions import record_consents
from referral.sharing.models import Consent, Purpose
from referral.sharing.rules import ConsentEntry

#: Rows in one UPDATE of complete_registrations.
ROWS = 500
REFERENCE, NATIONAL = "registrations_registration_reference", "registrations_national_number"
REPORTED = (
    "forms", "primary_form", "sector", "period_from", "period_to", "period_absent",
    "place_municipality", "place_country", "place_absent", "crossing", "help_wanted",
)  # fmt: skip


@transaction.atomic
def submit_registrations(
    entries: Sequence[RegistrationEntry], *, by: Membership, at: datetime
) -> list[Registration]:
    """Report presumed victims to the national desk: all of these, or none.

    With each come the person, sealed; the reporter's right to see the person; the consent where
    the law asks for it; and the link to the signal. Raises RegistrationRefused or FactsRefused.
    """
    for entry in entries:
        check_entry(entry, by=by, on=timezone.localdate(entry.at or at))
    ids = [uuid7() for _entry in entries]
    persons = create_persons(_persons_of(entries, at), sources=ids, by=by, at=at)
    consents = _record_consents(entries, persons, by=by, at=at)
    references = _next_numbers(REFERENCE, "REG", 6, [entry.at or at for entry in entries])
    registrations = []
    for pk, reference, entry, person in zip(ids, references, entries, persons, strict=True):
        ruling = ruling_for(by, entry.person.age_group)
        registration = Registration(
            pk=pk,
            reference=reference,
            person=person,
            organisation=by.organisation,
            referrer_type=entry.referrer_type or referrers(by)[0],
            referrer_region_id=by.organisation.police_unit_id,
            legal_basis=ruling.basis,
            consent=consents.get(person.pk) if ruling.needs_consent else None,
            submitted_at=entry.at or at,
            submitted_by=by.user,
        )
        _report(registration, entry)
        registrations.append(registration)
    Registration.objects.bulk_create(registrations)
    SignalLink.objects.bulk_create(
        SignalLink(
            registration=registration,
            signal=entry.signal,
            organisation=by.organisation,
            linked_at=registration.submitted_at,
            linked_by=by.user,
        )
        for registration, entry in zip(registrations, entries, strict=True)
        if entry.signal is not None
    )
    record_many(
        [
            Line(action="registration_submitted", on=one, legal_basis=one.legal_basis)
            for one in registrations
        ],
        by=by,
        at=at,
    )
    desk = Organisation.objects.of_type(OrganisationType.COMENSHA).get()
    post_many(
        [
            Letter(
                kind=Kind.REGISTRATION_SUBMITTED,
                to=desk,
                role=Role.COM_REGISTRAR,
                on=registration,
                urgent=bool(registration.person.is_minor),
            )
            for registration in registrations
        ],
        at=at,
    )
    return registrations


def submit_registration(entry: RegistrationEntry, *, by: Membership, at: datetime) -> Registration:
    """One report; the batch is the one path."""
    return submit_registrations([entry], by=by, at=at)[0]


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
    registration = _locked(registration, by)
    check_move(by, registration, Status.RETURNED)
    wanted = [code.value for code in Missing if code.value in missing]
    if question and not wanted:
        wanted = [Missing.OTHER.value]
    registration.status, registration.missing = Status.RETURNED, wanted
    registration.returned_at, registration.returned_by = at, by.user
    registration.question = _sealed_question(registration, question)
    registration.save(update_fields=["status", "missing", "returned_at", "returned_by", "question"])
    record("registration_returned", on=registration, by=by, at=at, details={"missing": wanted})
    _tell_reporter(registration, Kind.REGISTRATION_RETURNED, at=at)
    return registration


@transaction.atomic
def resubmit_registration(
    registration: Registration,
    entry: RegistrationEntry,
    *,
    version: int,
    by: Membership,
    at: datetime,
) -> Registration:
    """Send a returned registration again, completed. The question goes with it, answered.

    `version` is that of the identity that the reporter saw. Raises as submit_registrations does,
    and ChangedMeanwhile.
    """
    registration = _locked(registration, by)
    check_move(by, registration, Status.SUBMITTED)
    check_entry(entry, by=by, on=timezone.localdate(at))
    # While it is still returned: that is what lets the reporter write in the person's rows.
    registration.person = amend_person(
        registration.person, entry.person, version=version, by=by, at=at
    )
    registration.referrer_region_id = by.organisation.police_unit_id
    _report(registration, entry)
    registration.status = Status.SUBMITTED
    registration.save(update_fields=["status", "referrer_region", *REPORTED])
    record("registration_resubmitted", on=registration, by=by, at=at)
    desk = Organisation.objects.of_type(OrganisationType.COMENSHA).get()
    post(Kind.REGISTRATION_SUBMITTED, to=desk, role=Role.COM_REGISTRAR, on=registration, at=at)
    return registration


@transaction.atomic
def withdraw_registration(
    registration: Registration, *, reason: WithdrawalReason, by: Membership, at: datetime
) -> Registration:
    """The reporter takes the report back before it was registered; it stays known that it was."""
    registration = _locked(registration, by)
    check_move(by, registration, Status.WITHDRAWN)
    registration.status, registration.withdrawal_reason = Status.WITHDRAWN, reason
    registration.withdrawn_at, registration.withdrawn_by = at, by.user
    registration.save(update_fields=["status", "withdrawal_reason", "withdrawn_at", "withdrawn_by"])
    record("registration_withdrawn", on=registration, by=by, at=at, details={"reason": reason})
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
    locked = _all_locked(wanted, by)
    for registration in locked:
        check_move(by, registration, Status.REGISTERED)
    known = open_identities([registration.person for registration in locked], by=by, at=at)
    for registration in locked:
        if missing := missing_from(registration, known[registration.person_id]):
            raise Incomplete(missing)
    moments = [wanted[registration.pk].at or at for registration in locked]
    numbers = _next_numbers(NATIONAL, "CM", 5, moments)
    for registration, number, moment in zip(locked, numbers, moments, strict=True):
        registration.status, registration.national_number = Status.REGISTERED, number
        registration.registered_at, registration.registered_by = moment, by.user
        registration.care_needed = wanted[registration.pk].care_needed
    Registration.objects.bulk_update(
        locked,
        ["status", "national_number", "registered_at", "registered_by", "care_needed"],
        batch_size=ROWS,
    )
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


# --- Looks, written down -----------------------------------------------------------------------
@transaction.atomic
def open_registration(registration: Registration, *, by: Membership, at: datetime) -> str:
    """Look at one registration, without the identity; gives the desk's question in clear."""
    record("registration_opened", on=registration, by=by, at=at)
    key = registration.person.key
    if not registration.question or key is None:
        return ""
    opened = unseal(bytes(registration.question), key=key, about=registration.about_question)
    return str(opened["question"])


@transaction.atomic
def list_registrations(
    registrations: Iterable[Registration], *, by: Membership, at: datetime
) -> list[Registration]:
    """Look at one page of a list; the ids that are shown are recorded."""
    shown = list(registrations)
    record("registrations_listed", by=by, at=at, ids=[one.pk for one in shown])
    return shown


# --- Parts of the deeds ------------------------------------------------------------------------
def _persons_of(entries: Sequence[RegistrationEntry], at: datetime) -> list[PersonEntry]:
    return [
        entry.person if entry.person.at else replace(entry.person, at=entry.at or at)
        for entry in entries
    ]


def _record_consents(
    entries: Sequence[RegistrationEntry], persons: Sequence[Person], *, by: Membership, at: datetime
) -> dict[UUID, Consent]:
    """The consents that come with the reports; gives those for the registration itself."""
    asked: list[ConsentEntry] = []
    for entry, person in zip(entries, persons, strict=True):
        if entry.consent is None:
            continue
        moment = entry.at or at
        if ruling_for(by, entry.person.age_group).needs_consent:
            asked.append(
                ConsentEntry(
                    person=person,
                    purpose=Purpose.REGISTRATION,
                    recipient_kind=OrganisationType.COMENSHA,
                    answer=entry.consent,
                    at=moment,
                )
            )
        if entry.help_wanted == HelpWanted.YES:
            asked.append(
                ConsentEntry(
                    person=person,
                    purpose=Purpose.CARE_COORDINATION,
                    answer=entry.consent,
                    at=moment,
                )
            )
    consents = record_consents(asked, by=by, at=at) if asked else []
    return {
        consent.person_id: consent
        for consent in consents
        if consent.purpose == Purpose.REGISTRATION
    }


def _report(registration: Registration, entry: RegistrationEntry) -> None:
    """Put what is reported in the registration's own columns."""
    registration.forms, registration.primary_form = entry.ordered_forms, entry.main_form
    registration.sector, registration.crossing = entry.sector, entry.crossing
    registration.period_from, registration.period_to = entry.period_from, entry.period_to
    registration.period_absent = entry.period_absent
    registration.place_municipality = entry.place_municipality
    registration.place_country = "NL" if entry.place_municipality else entry.place_country
    registration.place_absent = entry.place_absent
    registration.help_wanted = entry.help_wanted


def _next_numbers(
    sequence: str, letters: str, width: int, moments: Sequence[datetime]
) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence, len(moments)]
        )
        numbers = [number for (number,) in cursor.fetchall()]
    return [
        f"{letters}-{timezone.localdate(moment).year}-{number:0{width}}"
        for moment, number in zip(moments, numbers, strict=True)
    ]


def _locked(registration: Registration, by: Membership) -> Registration:
    return _all_locked([registration.pk], by)[0]


def _all_locked(ids: Iterable[UUID], by: Membership) -> list[Registration]:
    """These rows, locked in the order of their keys so that two batches never wait in a ring."""
    wanted = list(ids)
    locked = list(
        Registration.objects.visible_to(by)
        .select_for_update(of=("self",))
        .select_related("person__key", "organisation", "submitted_by")
        .filter(pk__in=wanted)
        .order_by("pk")
    )
    if len(locked) != len(wanted):
        raise MoveRefused(_("This step is not yours to take."))
    return locked


def _sealed_question(registration: Registration, question: str) -> bytes:
    key = registration.person.key
    if not question or key is None:
        return b""
    return seal({"question": question}, key=key, about=registration.about_question)


def _tell_reporter(registration: Registration, kind: Kind, *, at: datetime) -> None:
    post(
        kind,
        to=registration.organisation,
        user=registration.submitted_by,
        on=registration,
        at=at,
    )
