"""May this be shared, and on what: the law as a table, and the consent that it asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
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
from referral.sharing.models import REPRESENTED, Consent, GivenBy, How, LegalBasis, Purpose
from referral.sharing.workflow import MOVES, State


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

    @classmethod
    def read(cls, persons: Iterable[UUID], *, purpose: Purpose, by: Membership) -> Sharing:
        """The consents of these persons, where the law asks one: of any age or of none."""
        consents: dict[UUID, list[Consent]] = {}
        if legal_basis_for(by.organisation.type, purpose).needs_consent:
            seen = Consent.objects.visible_to(by)
            for consent in seen.about(*persons).for_purpose(purpose).given():
                consents.setdefault(consent.person_id, []).append(consent)
        return cls(purpose, by, consents)

    def check(self, person: Person, *, recipient: Organisation, at: datetime) -> Ruling:
        """Raise SharingRefused unless this person may be shared with `recipient` at that moment.

        Returns the ruling, for the audit line.
        """
        ruling = legal_basis_for(self.by.organisation.type, self.purpose, person.age_group)
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
