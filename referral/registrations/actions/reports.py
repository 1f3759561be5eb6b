"""The deeds of who reports a presumed victim: submit, complete what was returned, withdraw."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.audit.actions import Line, record, record_many
from referral.lib.ids import uuid7
from referral.notices.actions import Letter, post, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import OrganisationType, Role
from referral.persons.actions import amend_person, create_persons
from referral.persons.models import Person
from referral.persons.rules import IdentityFacts, PersonEntry
from referral.registrations.actions.parts import (
    REFERENCE,
    locked,
    next_numbers,
    sealed_reference,
)
from referral.registrations.models import (
    HelpWanted,
    Level,
    Registration,
    SignalLink,
    WithdrawalReason,
)
from referral.registrations.rules import (
    MoveRefused,
    RegistrationEntry,
    check_entry,
    check_move,
    check_raise,
    referrers,
    ruling_for,
)
from referral.registrations.workflow import Status
from referral.sharing.actions import record_consents, withdraw_consent
from referral.sharing.matrix.rules import Book, Ruling
from referral.sharing.models import Consent, Purpose
from referral.sharing.models import WithdrawalReason as ConsentReason
from referral.sharing.rules import Answer, ConsentEntry

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
        ruling = ruling_for(by, entry.person.age_group, level=entry.level, book=book)
        registration = Registration(
            pk=pk,
            level=entry.level,
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
        registration.own_reference = sealed_reference(registration, entry.own_reference)
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
    if entry.level != registration.level:
        raise MoveRefused(_("It was reported with more or less of the person. Open it again."))
    check_entry(entry, by=by, on=timezone.localdate(at))
    # While it is still returned: that is what lets the reporter write in the person's rows.
    registration.person = amend_person(
        registration.person, entry.person, version=version, by=by, at=at
    )
    _renew_consents(entry, registration, by=by, at=at)
    registration.referrer_region_id = by.organisation.police_unit_id
    _report(registration, entry)
    if entry.own_reference:
        registration.own_reference = sealed_reference(registration, entry.own_reference)
    registration.status = Status.SUBMITTED
    registration.save(update_fields=["status", "referrer_region", "own_reference", *REPORTED])
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
    if not registration.is_open:
        raise MoveRefused(_("What is registered is withdrawn where its reporter asks for it."))
    registration.status, registration.withdrawal_reason = Status.WITHDRAWN, reason
    registration.withdrawn_at, registration.withdrawn_by = at, by.user
    registration.save(update_fields=["status", "withdrawal_reason", "withdrawn_at", "withdrawn_by"])
    record("registration_withdrawn", on=registration, by=by, at=at, details={"reason": reason})
    return registration


@transaction.atomic
def raise_registration(
    registration: Registration,
    facts: IdentityFacts,
    *,
    help_wanted: str,
    consent: Answer | None,
    version: int,
    by: Membership,
    at: datetime,
) -> Registration:
    """Say who it is after all, on a basis of its own; every number stays what it was.

    Raises MoveRefused, RegistrationRefused, FactsRefused and ChangedMeanwhile.
    """
    registration = locked(registration, by)
    person = registration.person
    entry = PersonEntry(
        sex=person.sex, age_group=person.age_group, is_minor=person.is_minor, facts=facts
    )
    today = timezone.localdate(at)
    ruling = check_raise(
        by, registration, entry, help_wanted=help_wanted, consent=consent, on=today
    )
    # While it is still without a name: that is what lets the reporter write in the person's rows.
    registration.person = amend_person(person, entry, version=version, by=by, at=at)
    consents = _consents_of_raised(registration, ruling, help_wanted, consent, by=by, at=at)
    registration.level, registration.legal_basis = Level.FULL, ruling.basis
    registration.consent = consents.get(Purpose.REGISTRATION)
    registration.help_wanted = help_wanted
    registration.raised_at, registration.raised_by = at, by.user
    if registration.status == Status.REGISTERED and help_wanted == HelpWanted.YES:
        registration.care_needed = True
    registration.save(
        update_fields=["level", "legal_basis", "consent", "help_wanted", "raised_at", "raised_by",
                       "care_needed"]
    )  # fmt: skip
    record("registration_raised", on=registration, by=by, at=at, legal_basis=ruling.basis)
    desk = Organisation.objects.of_type(OrganisationType.COMENSHA).get()
    post(Kind.REGISTRATION_RAISED, to=desk, role=Role.COM_REGISTRAR, on=registration, at=at)
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
    if ruling_for(by, entry.person.age_group, level=entry.level, book=book).needs_consent:
        yield Purpose.REGISTRATION, OrganisationType.COMENSHA
    if entry.help_wanted == HelpWanted.YES:
        yield Purpose.CARE_COORDINATION, ""


def _consents_of_raised(
    registration: Registration,
    ruling: Ruling,
    help_wanted: str,
    consent: Answer | None,
    *,
    by: Membership,
    at: datetime,
) -> dict[str, Consent]:
    """What the person agreed to when it was said who they are, by what for."""
    wanted: list[tuple[Purpose, str]] = []
    if ruling.needs_consent:
        wanted.append((Purpose.REGISTRATION, OrganisationType.COMENSHA))
    if help_wanted == HelpWanted.YES:
        wanted.append((Purpose.CARE_COORDINATION, ""))
    if consent is None or not wanted:
        return {}
    asked = [
        ConsentEntry(
            person=registration.person, purpose=purpose, recipient_kind=kind, answer=consent
        )
        for purpose, kind in wanted
    ]
    return {one.purpose: one for one in record_consents(asked, by=by, at=at)}


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
