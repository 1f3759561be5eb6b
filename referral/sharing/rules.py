"""May this be shared, and on what: the law as a table, and the consent that it asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referral.lib.refusals import Refused
from referral.organisations.models import Membership, Organisation
from referral.organisations.permissions import Permission
from referral.organisations.roles import OrganisationType
from referral.persons.models import AgeGroup, Person, PersonGrant
from referral.sharing.models import (
    OTHER_BASES,
    REPRESENTED,
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


class Outcome(StrEnum):
    """What the law says of sharing for a purpose."""

    OBLIGED = "obliged"
    ALLOWED = "allowed"
    CONSENT = "consent"
    NOT_ALLOWED = "not_allowed"


@dataclass(frozen=True, slots=True)
class Ruling:
    """An outcome with its basis, its citation and a plain explanation."""

    outcome: Outcome
    #: A LegalBasis; empty where there is none.
    basis: str
    citation: str
    words: str | Promise

    @property
    def needs_consent(self) -> bool:
        return self.outcome == Outcome.CONSENT


_T, _P = OrganisationType, Purpose
_OBLIGED_POLICE = Ruling(
    Outcome.OBLIGED,
    LegalBasis.POLICE_DECREE,
    "Besluit politiegegevens art. 4:2 lid 1 onder b, 3°; Vreemdelingencirculaire B8/3",
    gettext_lazy("You must report each presumed victim, also without consent."),
)
_ALLOWED_NLA = Ruling(
    Outcome.ALLOWED,
    LegalBasis.NLA_DECREE,
    "Besluit politiegegevens bijzondere opsporingsdiensten art. 2",
    gettext_lazy("You may report each presumed victim, also without consent."),
)
_ASK_FIRST = Ruling(
    Outcome.CONSENT,
    LegalBasis.CONSENT,
    "AVG art. 6 lid 1 onder a, art. 9 lid 2 onder a",
    gettext_lazy("Ask the person first, in writing where you can. Without consent: do not share."),
)
_SIGNAL_INSTEAD = Ruling(
    Outcome.NOT_ALLOWED,
    "",
    "AVG art. 5 lid 1 onder b en c",
    gettext_lazy("Your organisation does not share this. Send a signal if you suspect something."),
)
_WALL = Ruling(
    Outcome.NOT_ALLOWED,
    "",
    "Wet politiegegevens art. 7; AVG art. 5 lid 1 onder b",
    gettext_lazy("This stays where it is: intelligence and care do not share it."),
)

# Who reports somebody to the national desk. The rest of the table is the same for all: what
# goes on from the desk or between care organisations goes on with consent.
_REPORTERS = {
    _T.POLICE_UNIT: _OBLIGED_POLICE,
    _T.KMAR: _OBLIGED_POLICE,
    _T.NLA: _ALLOWED_NLA,
    **dict.fromkeys(
        (
            _T.CARE_COORD, _T.SHELTER, _T.NGO, _T.VSH, _T.LAWYER, _T.YOUTH, _T.NIDOS, _T.COA,
            _T.IND, _T.VO_CENTRE, _T.COMENSHA,
        ),
        _ASK_FIRST,
    ),
}  # fmt: skip
_INTELLIGENCE = (_T.POLICE_UNIT, _T.KMAR, _T.NLA)
_CARE = (
    _T.COMENSHA, _T.CARE_COORD, _T.SHELTER, _T.NGO, _T.VSH, _T.LAWYER, _T.YOUTH, _T.NIDOS,
    _T.COA, _T.VO_CENTRE,
)  # fmt: skip
#: (who shares, what for) → ruling, for an adult. What is not here is not allowed.
RULINGS: dict[tuple[OrganisationType, Purpose], Ruling] = {
    **{(kind, _P.REGISTRATION): ruling for kind, ruling in _REPORTERS.items()},
    **{
        (kind, purpose): _ASK_FIRST
        for kind in (*_INTELLIGENCE, *_CARE)
        for purpose in (_P.PLACEMENT, _P.CARE_COORDINATION, _P.IMMIGRATION)
    },
    **{
        (kind, purpose): _ASK_FIRST
        for kind in _CARE
        for purpose in (_P.HANDOFF, _P.POLICE_CONTACT, _P.CASE_TABLE, _P.RESEARCH)
    },
    **{(kind, _P.HANDOFF): _WALL for kind in _INTELLIGENCE},
}


def legal_basis_for(
    organisation_type: OrganisationType | str,
    purpose: Purpose | str,
    age_group: AgeGroup | str = AgeGroup.UNKNOWN,
) -> Ruling:
    """Whether an organisation of this type may share a person of this age for this purpose.

    The age changes who consents, not whether: see `representatives`.
    """
    ruling = RULINGS.get((OrganisationType(organisation_type), Purpose(purpose)), _SIGNAL_INSTEAD)
    if ruling.needs_consent and representatives(age_group) != (GivenBy.PERSON,):
        words = _("Ask the person and who represents them: under 16, a parent or guardian decides.")
        return Ruling(ruling.outcome, ruling.basis, f"{ruling.citation}, UAVG art. 5", words)
    return ruling


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
    the recipient, or another basis must stand. Of a person who was not read there is none.
    """

    purpose: Purpose
    by: Membership
    grounds: Mapping[UUID, Sequence[Ground]]

    @classmethod
    def read(
        cls, persons: Iterable[UUID], *, purpose: Purpose, by: Membership, hold: bool = False
    ) -> Sharing:
        """What stands of these persons, where the law asks for it: of any age or of none.

        With `hold` a consent cannot be taken back until the transaction ends: whoever withdraws
        waits, and then closes what was opened meanwhile.
        """
        grounds: dict[UUID, list[Ground]] = {}
        if legal_basis_for(by.organisation.type, purpose).needs_consent:
            found = list(persons)
            seen = Consent.objects.visible_to(by).about(*found).for_purpose(purpose).given()
            others = OtherBasis.objects.visible_to(by).about(*found).for_purpose(purpose)
            if hold:
                seen = seen.order_by("pk").select_for_update(of=("self",), no_key=True)
            for ground in (*seen, *others.standing()):
                grounds.setdefault(ground.person_id, []).append(ground)
        return cls(purpose, by, grounds)

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

        Returns the ruling, for the audit line.
        """
        ruling = legal_basis_for(self.by.organisation.type, self.purpose, person.age_group)
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
