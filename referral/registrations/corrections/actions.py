"""The only writers of the chain: a correction is proposed, and the national desk decides on it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.access.secrets import seal, unseal
from referral.audit.actions import record
from referral.lib.tally import Tally
from referral.notices.actions import post
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.permissions import Permission
from referral.organisations.roles import OrganisationType, Role
from referral.persons.actions import amend_person, open_identity
from referral.persons.models import Identity, Person
from referral.persons.rules import PersonEntry
from referral.registrations.actions.parts import locked, tell_reporter
from referral.registrations.corrections.models import Version
from referral.registrations.corrections.rules import (
    OF_PERSON,
    Changed,
    Correction,
    CorrectionRefused,
    changed,
    check_correction,
    check_move,
    said_by,
)
from referral.registrations.corrections.workflow import Status
from referral.registrations.models import Registration


@dataclass(frozen=True, slots=True)
class Opened:
    """One version as it is read: its words in clear, and where it differs from the one before."""

    version: Version
    reason: str
    answer: str
    changed: list[Changed]


@dataclass(frozen=True, slots=True)
class HomeCorrections:
    """What the home page of the national desk shows: how many wait."""

    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return "desk" if any(self.counts.values()) else ""


@transaction.atomic(savepoint=False)
def open_chain(registration: Registration, *, by: Membership, at: datetime) -> list[Opened]:
    """Look at every version of a registration, the newest first."""
    record("corrections_opened", on=registration, by=by, at=at)
    versions = Version.objects.visible_to(by).of(registration).with_names().reverse()
    return [
        Opened(
            version,
            _opened(version, bytes(version.reason), version.about_reason),
            _opened(version, bytes(version.answer), version.about_answer),
            list(changed(version)),
        )
        for version in versions
    ]


@transaction.atomic(savepoint=False)
def list_corrections(versions: Iterable[Version], *, by: Membership, at: datetime) -> list[Version]:
    """Look at the corrections that wait for the desk; the ids that are shown are recorded."""
    shown = list(versions)
    record("corrections_listed", by=by, at=at, ids=[one.pk for one in shown])
    return shown


def count_home_corrections(*, by: Membership, tally: Tally | None = None) -> HomeCorrections:
    """How many wait for the national desk; no kind where there are none, or for anyone else."""
    if not by.may(Permission.REGISTRATION_COMPLETE):
        return HomeCorrections()
    return HomeCorrections((tally or Tally()).of(waiting=Version.objects.visible_to(by).waiting()))


@transaction.atomic
def propose_correction(
    registration: Registration,
    correction: Correction,
    *,
    reason: str,
    by: Membership,
    at: datetime,
) -> Version:
    """Say what a registration should have said; it counts once the national desk accepts it."""
    registration = locked(registration, by)
    check_correction(by, registration, correction, on=timezone.localdate(at))
    chain = list(Version.objects.visible_to(by).of(registration))
    if any(one.status == Status.PROPOSED for one in chain):
        raise CorrectionRefused(
            _("Another correction of this registration waits for a decision. Wait for that.")
        )
    if not chain:
        chain = [_begin_chain(registration)]
    version = Version(
        registration=registration,
        number=chain[-1].number + 1,
        corrects=Version.objects.visible_to(by).of(registration).counted().last(),
        organisation=by.organisation,
        made_at=at,
        made_by=by.user,
        **correction.columns(),
    )
    version.reason = _sealed(registration, reason, version.about_reason)
    version.save(force_insert=True)
    record("correction_proposed", on=registration, by=by, at=at, ids=[version.pk])
    post(
        Kind.CORRECTION_PROPOSED,
        to=Organisation.objects.of_type(OrganisationType.COMENSHA).get(),
        role=Role.COM_REGISTRAR,
        on=version,
        at=at,
    )
    return version


@transaction.atomic
def accept_correction(version: Version, *, by: Membership, at: datetime) -> Version:
    """From now on this is what the registration says; what it said before stays in the chain.

    Raises CorrectionRefused, and FactsRefused when the birth date says otherwise.
    """
    version = _moving(version, Status.ACCEPTED, by)
    _amend_person(version, by=by, at=at)
    # The database writes what the version says in the row of the registration.
    _decide(version, Status.ACCEPTED, by=by, at=at)
    record("correction_accepted", on=version.registration, by=by, at=at, ids=[version.pk])
    tell_reporter(version.registration, Kind.CORRECTION_ACCEPTED, at=at)
    return version


@transaction.atomic
def decline_correction(version: Version, *, answer: str, by: Membership, at: datetime) -> Version:
    """The registration stays as it is; who proposed the correction reads why."""
    version = _moving(version, Status.DECLINED, by)
    version.answer = _sealed(version.registration, answer, version.about_answer)
    _decide(version, Status.DECLINED, by=by, at=at)
    record("correction_declined", on=version.registration, by=by, at=at, ids=[version.pk])
    tell_reporter(version.registration, Kind.CORRECTION_DECLINED, at=at)
    return version


@transaction.atomic
def take_back_correction(version: Version, *, by: Membership, at: datetime) -> Version:
    """Who proposed a correction does not want it any more; that it was proposed stays known."""
    version = _moving(version, Status.TAKEN_BACK, by)
    _decide(version, Status.TAKEN_BACK, by=by, at=at)
    record("correction_taken_back", on=version.registration, by=by, at=at, ids=[version.pk])
    return version


@transaction.atomic
def correct_registration(
    registration: Registration,
    correction: Correction,
    *,
    reason: str,
    by: Membership,
    at: datetime,
) -> Version:
    """The national desk puts a registration right itself: proposed and accepted at once."""
    version = propose_correction(registration, correction, reason=reason, by=by, at=at)
    return accept_correction(version, by=by, at=at)


# --- Parts of the deeds ----------------------------------------------------------------------
def _begin_chain(registration: Registration) -> Version:
    """What the desk registered, before the first correction of it."""
    at, by = registration.registered_at, registration.registered_by
    assert at is not None  # noqa: S101 -- for the types: check_correction asked for it
    assert by is not None  # noqa: S101
    return Version.objects.create(
        registration=registration,
        number=1,
        status=Status.ORIGINAL,
        organisation=registration.organisation,
        made_at=at,
        made_by=by,
        **said_by(registration),
    )


def _moving(version: Version, goal: Status, by: Membership) -> Version:
    registration = locked(version.registration, by)
    version = Version.objects.visible_to(by).with_names().get(pk=version.pk)
    version.registration = registration
    check_move(by, version, goal)
    return version


def _decide(version: Version, goal: Status, *, by: Membership, at: datetime) -> None:
    version.status, version.decided_at, version.decided_by = goal, at, by.user
    version.save(update_fields=["status", "answer", "decided_at", "decided_by"])
    version.registration.refresh_from_db()


def _amend_person(version: Version, *, by: Membership, at: datetime) -> None:
    """Sex and age are counted as the person has them; who it is stays as it was."""
    person = version.registration.person
    if all(getattr(version, name) == getattr(person, name) for name in OF_PERSON):
        return
    entry = PersonEntry(
        sex=version.sex,
        age_group=version.age_group,
        is_minor=version.is_minor,
        facts=open_identity(person, by=by, at=at),
    )
    amend_person(person, entry, version=_version_of(person, by), by=by, at=at)


def _version_of(person: Person, by: Membership) -> int:
    return Identity.objects.visible_to(by).get(pk=person.pk).version


def _sealed(registration: Registration, words: str, about: str) -> bytes:
    key = registration.person.key
    if key is None:
        raise CorrectionRefused(_("Of this person nothing is kept any more."))
    return seal({"words": words}, key=key, about=about)


def _opened(version: Version, sealed: bytes, about: str) -> str:
    key = version.registration.person.key
    if not sealed or key is None:
        return ""
    return str(unseal(sealed, key=key, about=about)["words"])
