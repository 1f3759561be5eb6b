"""May this be shared, and on what: the rules of the matrix, and the consent that they ask for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from referral.lib.refusals import Refused
from referral.organisations.models import Membership, Organisation
from referral.organisations.permissions import Permission
from referral.organisations.roles import OrganisationType
from referral.persons.models import AgeGroup, Person, PersonGrant
from referral.persons.restriction.querysets import restricted_among
from referral.persons.restriction.rules import Restricted
from referral.sharing.matrix.models import MINIMAL, PSEUDONYMOUS, Outcome
from referral.sharing.matrix.rules import Book, Ruling
from referral.sharing.models import (
    OTHER_BASES,
    Consent,
    DataCategory,
    GivenBy,
    How,
    LegalBasis,
    OtherBasis,
    Purpose,
)
from referral.sharing.workflow import MOVES, State

#: A consent holds for twelve months at most, and is then asked again.
HOLDS = timedelta(days=365)
#: Another basis is judged anew after three months.
OTHER_BASIS_HOLDS = timedelta(days=92)
LONGEST_REASON = 2000


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
    if purpose in {Purpose.REGISTRATION, PSEUDONYMOUS, MINIMAL}:
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


def wrong_giver(given_by: str, age_group: AgeGroup | str) -> str:
    """Why it is not for them to answer at this age, in words; empty where it is."""
    if given_by in representatives(age_group):
        return ""
    if given_by == GivenBy.PERSON:
        return _("Under 16 a parent or guardian must consent (as well).")
    if age_group == AgeGroup.UNDER_12:
        return _("Under 12 a parent or guardian consents.")
    if age_group in (AgeGroup.FROM_12, AgeGroup.FROM_15):
        return _("From 12 the person decides too: choose together with a parent or guardian.")
    return _("An adult answers for themselves.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody said when asked, and under which circumstances."""

    how: str = How.WRITTEN
    given_by: str = GivenBy.PERSON
    language: str = ""
    interpreter: bool = False
    leaflet: str = ""
    evidence: str = ""
    evidence_reference: str = ""
    #: The last day on which it holds, when the person wants it to end sooner.
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentEntry:
    """A consent that was asked and given in one conversation."""

    person: Person
    purpose: Purpose
    answer: Answer
    recipient_kind: str = ""
    recipient: Organisation | None = None
    categories: Sequence[str] = ()
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherBasisEntry:
    """Why data of somebody may go to one organisation without consent."""

    person: Person
    purpose: str
    recipient: Organisation
    categories: Sequence[str]
    basis: str
    article: str
    reason: str


class SharingRefused(Refused):
    """It may not be shared; the message says why, and what would make it possible."""


class ConsentRefused(Refused):
    """A consent cannot be kept like this; the message says why."""


#: What sharing may rest on.
Ground = Consent | OtherBasis


@dataclass(frozen=True, slots=True)
class Sharing:
    """What a member may share for one purpose, read once for many questions.

    Where the law asks for consent, one must be in force that the member can see and that covers
    the recipient, or another basis must stand. Of a person who was not read there is none. Of
    whoever asked that the data are not used, nothing is shared without a vital interest.
    """

    purpose: Purpose
    by: Membership
    grounds: Mapping[UUID, Sequence[Ground]]
    book: Book
    restricted: frozenset[UUID] = frozenset()

    @classmethod
    def read(
        cls, persons: Iterable[UUID], *, purpose: Purpose, by: Membership, hold: bool = False
    ) -> Sharing:
        """What stands of these persons, where the law asks for it: of any age or of none.

        With `hold` a consent cannot be taken back until the transaction ends: whoever withdraws
        waits, and then closes what was opened meanwhile.
        """
        grounds: dict[UUID, list[Ground]] = {}
        book = Book.read()
        found = list(persons)
        restricted = restricted_among(found)
        if restricted or book.may_ask_consent(by.organisation.type, purpose):
            seen = Consent.objects.visible_to(by).about(*found).for_purpose(purpose).given()
            others = OtherBasis.objects.visible_to(by).about(*found).for_purpose(purpose)
            if hold:
                seen = seen.order_by("pk").select_for_update(of=("self",), no_key=True)
            for ground in (*seen, *others.standing()):
                grounds.setdefault(ground.person_id, []).append(ground)
        return cls(purpose, by, grounds, book, restricted)

    def ground(
        self,
        person: Person,
        *,
        recipient: Organisation,
        at: datetime,
        categories: Collection[str] = (),
        named: bool = False,
    ) -> Ground | None:
        """What this rests on: consent first. With `named` it must name the recipient or its kind."""
        for ground in self.grounds.get(person.pk, ()):
            if not (ground.holds_at(at) and ground.covers(recipient, categories)):
                continue
            if named and isinstance(ground, Consent) and not ground.names(recipient):
                continue
            return ground
        return None

    def check(
        self,
        person: Person,
        *,
        recipient: Organisation,
        at: datetime,
        categories: Collection[str] = (),
        named: bool = False,
    ) -> Ruling:
        """Raise SharingRefused unless this person may be shared with `recipient` at that moment.

        Returns the ruling, for the audit line. Raises Restricted where the person asked for that.
        """
        if person.pk in self.restricted and not self._is_vital(person, recipient, at, categories):
            raise Restricted
        ruling = legal_basis_for(
            self.by.organisation.type,
            self.purpose,
            person.age_group,
            recipient_kind=recipient.type,
            book=self.book,
        )
        if ruling.outcome == Outcome.NOT_ALLOWED:
            raise SharingRefused(str(ruling.words))
        if not ruling.needs_consent or self.ground(
            person, recipient=recipient, at=at, categories=categories, named=named
        ):
            return ruling
        if named and self.ground(person, recipient=recipient, at=at, categories=categories):
            raise SharingRefused(
                _("The consent names neither %(recipient)s nor its kind. Ask the person for that.")
                % {"recipient": recipient.name}
            )
        if categories and self.ground(person, recipient=recipient, at=at):
            raise SharingRefused(
                _("The person agreed to share less than this. Choose less, or ask again.")
            )
        raise SharingRefused(
            _("There is no consent for “%(purpose)s” that holds now. Ask the person first.")
            % {"purpose": Purpose(self.purpose).label}
        )

    def _is_vital(
        self, person: Person, recipient: Organisation, at: datetime, categories: Collection[str]
    ) -> bool:
        """A life depends on it, and somebody wrote that down (GDPR 18(2))."""
        return any(
            isinstance(ground, OtherBasis)
            and ground.basis == LegalBasis.VITAL_INTEREST
            and ground.holds_at(at)
            and ground.covers(recipient, categories)
            for ground in self.grounds.get(person.pk, ())
        )


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
    if state == State.GIVEN and (words := wrong_giver(given_by, consent.person.age_group)):
        raise ConsentRefused(words)


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
    return can_use_other_basis(member, consent.person_id)


def check_move(consent: Consent, state: State) -> None:
    if state not in MOVES[State(consent.state)]:
        raise ConsentRefused(
            _("This consent is “%(state)s”; that cannot be done any more.")
            % {"state": consent.get_state_display()}
        )


def goes_against(person: Person, purpose: str, recipient: Organisation, by: Membership) -> bool:
    """Whether the last answer of the person to this question was no, or was taken back."""
    answers = Consent.objects.visible_to(by).about(person).for_purpose(purpose)
    answers = answers.exclude(state=State.ASKED).order_by("-answered_at", "-pk")
    asked = [one for one in answers if one.recipient_id is None or one.covers(recipient)]
    return bool(asked) and asked[0].state in {State.REFUSED, State.WITHDRAWN}


def check_other_basis(entry: OtherBasisEntry, *, overrides: bool, by: Membership) -> str:
    """The reason without the space around it. Raises ConsentRefused when something is missing."""
    reasons = {}
    if entry.basis not in OTHER_BASES:
        reasons["basis"] = _("Choose on which basis you share.")
    if not entry.article.strip():
        reasons["article"] = _("Name the article of the law.")
    if not entry.categories or not set(entry.categories) <= set(DataCategory.values):
        reasons["categories"] = _("Choose which data you share.")
    reason = entry.reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        reasons["reason"] = _("Write in a few sentences why this cannot wait for consent.")
    if reasons:
        refused = ConsentRefused(_("Something is missing."))
        refused.reasons = reasons
        raise refused
    if overrides and not by.may(Permission.CONSENT_OVERRIDE):
        raise ConsentRefused(_("The person said no. You may not share against that answer."))
    return reason


def can_use_other_basis(member: Membership, person: UUID) -> bool:
    """Who works with the person: the policy on INSERT, in words."""
    grants = PersonGrant.objects.opening_to(member).for_work().filter(person=person)
    return member.may(Permission.CONSENT_ASK) and grants.exists()
