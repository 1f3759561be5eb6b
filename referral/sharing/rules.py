"""May this be shared, and on what: the rules of the matrix, and the consent that they ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from referral.lib.refusals import Refused
from referral.organisations.models import Membership, Organisation
from referral.organisations.permissions import Permission
from referral.organisations.roles import OrganisationType
from referral.persons.models import AgeGroup, Person, PersonGrant
from referral.sharing.matrix.models import Outcome
from referral.sharing.matrix.rules import Book, Ruling
from referral.sharing.models import REPRESENTED, Consent, GivenBy, How, Purpose
from referral.sharing.workflow import MOVES, State


def legal_basis_for(
    organisation_type: OrganisationType | str,
    purpose: Purpose | str,
    age_group: AgeGroup | str = AgeGroup.UNKNOWN,
    *,
    recipient_kind: OrganisationType | str = "",
    book: Book | None = None,
) -> Ruling:
    """Whether an organisation of this type may share a person of this age for this purpose.

    The rules are data, see referral.sharing.matrix; who asks about many persons reads the `book`
    once. A registration goes to the national desk, and nowhere else.
    """
    if purpose == Purpose.REGISTRATION:
        recipient_kind = recipient_kind or OrganisationType.COMENSHA
    return (book or Book.read()).ruling(
        str(organisation_type), str(purpose), recipient=str(recipient_kind), age=str(age_group)
    )


# UAVG art. 5: under 16 the legal representative consents; from 12 the young person decides along
# (Jeugdwet art. 7.3.4). Of the band 15-17 nobody knows on which side of 16 somebody stands.
_ALONE = (GivenBy.PARENT, GivenBy.GUARDIAN)
_TOGETHER = (GivenBy.PERSON_AND_PARENT, GivenBy.PERSON_AND_GUARDIAN)
_REPRESENTATIVES: Mapping[str, tuple[GivenBy, ...]] = {
    AgeGroup.UNDER_12: _ALONE,
    AgeGroup.FROM_12: _TOGETHER,
    AgeGroup.FROM_15: (GivenBy.PERSON, *_TOGETHER),
    AgeGroup.UNKNOWN: tuple(GivenBy),
}


def representatives(age_group: AgeGroup | str) -> tuple[GivenBy, ...]:
    """Who may answer for somebody of this age."""
    return _REPRESENTATIVES.get(age_group, (GivenBy.PERSON,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody said when asked, and under which circumstances."""

    how: str = How.WRITTEN
    given_by: str = GivenBy.PERSON
    language: str = ""
    interpreter: bool = False
    leaflet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentEntry:
    """A consent that was asked and given in one conversation."""

    person: Person
    purpose: Purpose
    answer: Answer
    recipient_kind: str = ""
    recipient: Organisation | None = None
    at: datetime | None = None


class SharingRefused(Refused):
    """It may not be shared; the message says why, and what would make it possible."""


class ConsentRefused(Refused):
    """A consent cannot be kept like this; the message says why."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """What a member may share for one purpose, read once for many questions.

    Where the law asks for consent, one must be in force that the member can see and that covers
    the recipient. Of a person who was not read there is none.
    """

    purpose: Purpose
    by: Membership
    consents: Mapping[UUID, Sequence[Consent]]
    book: Book

    @classmethod
    def read(cls, persons: Iterable[UUID], *, purpose: Purpose, by: Membership) -> Sharing:
        """The consents of these persons, where the law asks one: of any age or of none."""
        consents: dict[UUID, list[Consent]] = {}
        book = Book.read()
        if book.may_ask_consent(by.organisation.type, purpose):
            seen = Consent.objects.visible_to(by)
            for consent in seen.about(*persons).for_purpose(purpose).given():
                consents.setdefault(consent.person_id, []).append(consent)
        return cls(purpose, by, consents, book)

    def check(self, person: Person, *, recipient: Organisation, at: datetime) -> Ruling:
        """Raise SharingRefused unless this person may be shared with `recipient` at that moment.

        Returns the ruling, for the audit line.
        """
        ruling = legal_basis_for(
            self.by.organisation.type,
            self.purpose,
            person.age_group,
            recipient_kind=recipient.type,
            book=self.book,
        )
        if ruling.outcome == Outcome.NOT_ALLOWED:
            raise SharingRefused(str(ruling.words))
        if ruling.needs_consent and not any(
            consent.holds_at(at) and consent.covers(recipient)
            for consent in self.consents.get(person.pk, ())
        ):
            raise SharingRefused(
                _("There is no consent for “%(purpose)s” that holds now. Ask the person first.")
                % {"purpose": Purpose(self.purpose).label}
            )
        return ruling


def check_may_share(
    person: Person,
    *,
    purpose: Purpose,
    recipient: Organisation,
    by: Membership,
    at: datetime,
) -> Ruling:
    """Raise SharingRefused unless `by` may share this person with `recipient` for the purpose.

    One question; see Sharing.
    """
    sharing = Sharing.read([person.pk], purpose=purpose, by=by)
    return sharing.check(person, recipient=recipient, at=at)


def can_share(
    person: Person, *, purpose: Purpose, recipient: Organisation, by: Membership, at: datetime
) -> bool:
    try:
        check_may_share(person, purpose=purpose, recipient=recipient, by=by, at=at)
    except SharingRefused:
        return False
    return True


def check_answer(consent: Consent, state: State, *, given_by: str) -> None:
    """Raise ConsentRefused when this answer cannot follow, or is not theirs to give."""
    check_move(consent, state)
    if state == State.GIVEN and given_by not in representatives(consent.person.age_group):
        if given_by in REPRESENTED:
            raise ConsentRefused(_("An adult answers for themselves."))
        raise ConsentRefused(_("Under 16 a parent or guardian must consent (as well)."))


def can_withdraw(member: Membership, consent: Consent) -> bool:
    """Whether this member may write down that it is taken back: the policy on UPDATE, in words.

    Who works on the person's case, the national desk, and who wrote it down.
    """
    if consent.state != State.GIVEN:
        return False
    if member.may(Permission.REGISTRATION_COMPLETE):
        return True
    asked_by = (consent.organisation_id, consent.asked_by_id)
    if member.may(Permission.REGISTRATION_SUBMIT) and asked_by == (
        member.organisation_id,
        member.user_id,
    ):
        return True
    return (
        member.may(Permission.CONSENT_ASK)
        and PersonGrant.objects.opening_to(member)
        .for_work()
        .filter(person=consent.person_id)
        .exists()
    )


def check_move(consent: Consent, state: State) -> None:
    if state not in MOVES[State(consent.state)]:
        raise ConsentRefused(
            _("This consent is “%(state)s”; that cannot be done any more.")
            % {"state": consent.get_state_display()}
        )
