"""The deeds of who reports a presumed victim: submit, complete what was returned, withdraw."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from referral.audit.actions import Line, record, record_many
from referral.lib.ids import uuid7
from referral.notices.actions import Letter, post, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import OrganisationType, Role
from referral.persons.actions import amend_person, create_persons
from referral.persons.models import Person
from referral.persons.rules import PersonEntry
from referral.registrations.actions.parts import REFERENCE, locked, next_numbers
from referral.registrations.models import HelpWanted, Registration, SignalLink, WithdrawalReason
from referral.registrations.rules import (
    RegistrationEntry,
    check_entry,
    check_move,
    referrers,
    ruling_for,
)
from referral.registrations.workflow import Status
from referral.sharing.actions import record_consents, withdraw_consent
from referral.sharing.matrix.rules import Book
from referral.sharing.models import Consent, Purpose
from referral.sharing.models import WithdrawalReason as ConsentReason
from referral.sharing.rules import ConsentEntry

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
    book = Book.read()
    for entry in entries:
        check_entry(entry, by=by, on=timezone.localdate(entry.at or at), book=book)
    ids = [uuid7() for _entry in entries]
    persons = create_persons(_persons_of(entries, at), sources=ids, by=by, at=at)
    consents = _record_consents(entries, persons, book, by=by, at=at)
    references = next_numbers(REFERENCE, "REG", 6, [entry.at or at for entry in entries])
    registrations = []
    for pk, reference, entry, person in zip(ids, references, entries, persons, strict=True):
        ruling = ruling_for(by, entry.person.age_group, book=book)
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
    registration = locked(registration, by)
    check_move(by, registration, Status.SUBMITTED)
    check_entry(entry, by=by, on=timezone.localdate(at))
    # While it is still returned: that is what lets the reporter write in the person's rows.
    registration.person = amend_person(
        registration.person, entry.person, version=version, by=by, at=at
    )
    _renew_consents(entry, registration, by=by, at=at)
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
    registration = locked(registration, by)
    check_move(by, registration, Status.WITHDRAWN)
    registration.status, registration.withdrawal_reason = Status.WITHDRAWN, reason
    registration.withdrawn_at, registration.withdrawn_by = at, by.user
    registration.save(update_fields=["status", "withdrawal_reason", "withdrawn_at", "withdrawn_by"])
    record("registration_withdrawn", on=registration, by=by, at=at, details={"reason": reason})
    return registration


# --- Parts of the deeds ---------------------------------------------------
def _persons_of(entries: Sequence[RegistrationEntry], at: datetime) -> list[PersonEntry]:
    return [
        entry.person if entry.person.at else replace(entry.person, at=entry.at or at)
        for entry in entries
    ]


def _record_consents(
    entries: Sequence[RegistrationEntry],
    persons: Sequence[Person],
    book: Book,
    *,
    by: Membership,
    at: datetime,
) -> dict[UUID, Consent]:
    """The consents that come with the reports; gives those for the registration itself."""
    asked = [
        ConsentEntry(
            person=person,
            purpose=purpose,
            recipient_kind=recipient_kind,
            answer=entry.consent,
            at=entry.at or at,
        )
        for entry, person in zip(entries, persons, strict=True)
        if entry.consent is not None
        for purpose, recipient_kind in _purposes(entry, by, book)
    ]
    consents = record_consents(asked, by=by, at=at) if asked else []
    return {
        consent.person_id: consent
        for consent in consents
        if consent.purpose == Purpose.REGISTRATION
    }


def _purposes(
    entry: RegistrationEntry, by: Membership, book: Book
) -> Iterator[tuple[Purpose, str]]:
    """What the person agreed to with this report, and for whom."""
    if ruling_for(by, entry.person.age_group, book=book).needs_consent:
        yield Purpose.REGISTRATION, OrganisationType.COMENSHA
    if entry.help_wanted == HelpWanted.YES:
        yield Purpose.CARE_COORDINATION, ""


def _renew_consents(
    entry: RegistrationEntry, registration: Registration, *, by: Membership, at: datetime
) -> None:
    """Record a consent that came with the completed report, and end one that was taken back."""
    mine = Consent.objects.filter(person=registration.person, asked_by=by.user).in_force(at)
    held = {consent.purpose: consent for consent in mine}
    wanted = dict(_purposes(entry, by, Book.read()))
    if entry.consent is not None:
        record_consents(
            [
                ConsentEntry(
                    person=registration.person,
                    purpose=purpose,
                    recipient_kind=recipient_kind,
                    answer=entry.consent,
                )
                for purpose, recipient_kind in wanted.items()
                if purpose not in held
            ],
            by=by,
            at=at,
        )
    taken_back = held.get(Purpose.CARE_COORDINATION)
    if taken_back is not None and Purpose.CARE_COORDINATION not in wanted:
        withdraw_consent(taken_back, reason=ConsentReason.CHANGED_MIND, by=by, at=at)


def _report(registration: Registration, entry: RegistrationEntry) -> None:
    """Put what is reported in the registration's own columns."""
    registration.forms, registration.primary_form = entry.ordered_forms, entry.main_form
    registration.sector, registration.crossing = entry.sector, entry.crossing
    registration.period_from, registration.period_to = entry.period_from, entry.period_to
    registration.period_absent = entry.period_absent
    registration.place_municipality = entry.place_municipality
    registration.place_country = entry.country
    registration.place_absent = entry.place_absent
    registration.help_wanted = entry.help_wanted
