"""The only writers of consents."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Manager
from django.utils.translation import gettext as _

from referral.access.secrets import seal, unseal
from referral.audit.actions import Line, record, record_many
from referral.notices.actions import post
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.persons.models import Person
from referral.sharing.models import (
    ClosedShare,
    Consent,
    OtherBasis,
    Purpose,
    Verdict,
    WithdrawalReason,
)
from referral.sharing.rules import (
    HOLDS,
    OTHER_BASIS_HOLDS,
    Answer,
    ConsentEntry,
    ConsentRefused,
    OtherBasisEntry,
    check_answer,
    check_move,
    check_other_basis,
    goes_against,
)
from referral.sharing.workflow import State

logger = logging.getLogger(__name__)

#: Who asked is told so long before a consent ends (domain model 2.11).
SOON = timedelta(days=30)


@transaction.atomic
def ask_consent(
    person: Person,
    *,
    purpose: Purpose,
    by: Membership,
    at: datetime,
    recipient: Organisation | None = None,
    recipient_kind: str = "",
    categories: Sequence[str] = (),
) -> Consent:
    """Write down that the person is asked; the answer may come later.

    Asked before and still unanswered: the same question, not a second one.
    """
    consent, made = Consent.objects.visible_to(by).get_or_create(
        person=person,
        organisation=by.organisation,
        purpose=purpose,
        recipient=recipient,
        recipient_kind=recipient.type if recipient else recipient_kind,
        state=State.ASKED,
        defaults={"asked_at": at, "asked_by": by.user, "categories": list(categories)},
    )
    if made:
        record("consent_asked", on=consent, by=by, at=at, purpose=purpose)
    return consent


@transaction.atomic
def record_answer(
    consent: Consent, *, given: bool, answer: Answer, by: Membership, at: datetime
) -> Consent:
    """Write down what the person answered. Given, it replaces an earlier one for the same."""
    consent = _locked(consent, by)
    state = State.GIVEN if given else State.REFUSED
    check_answer(consent, state, given_by=answer.given_by)
    if given:
        _end_earlier(consent, by=by, at=at)
        consent.valid = _term(answer, at)
    _answered(consent, state, answer, by=by, at=at)
    consent.save(
        update_fields=[
            "state", "how", "given_by", "language", "interpreter", "leaflet",
            "evidence", "evidence_reference", "answered_at", "answered_by", "valid",
        ]
    )  # fmt: skip
    record(f"consent_{state.value}", on=consent, by=by, at=at, purpose=consent.purpose)
    return consent


@transaction.atomic
def record_consents(
    entries: Sequence[ConsentEntry], *, by: Membership, at: datetime
) -> list[Consent]:
    """Write down consents that were given when they were asked; many at once."""
    consents = []
    for entry in entries:
        moment = entry.at or at
        consent = Consent(
            person=entry.person,
            organisation=by.organisation,
            purpose=entry.purpose,
            recipient=entry.recipient,
            recipient_kind=entry.recipient.type if entry.recipient else entry.recipient_kind,
            categories=list(entry.categories),
            asked_at=moment,
            asked_by=by.user,
            valid=_term(entry.answer, moment),
        )
        check_answer(consent, State.GIVEN, given_by=entry.answer.given_by)
        _answered(consent, State.GIVEN, entry.answer, by=by, at=moment)
        consents.append(consent)
    Consent.objects.bulk_create(consents)
    record_many(
        [Line(action="consent_given", on=consent, purpose=consent.purpose) for consent in consents],
        by=by,
        at=at,
    )
    return consents


@transaction.atomic
def withdraw_consent(
    consent: Consent, *, reason: WithdrawalReason, by: Membership, at: datetime
) -> Consent:
    """The person takes the consent back: from now on nothing is shared on it.

    What was shared lawfully before stays where it is. What is open and rests on it stops in the
    same transaction, whoever sent it: the database sees to that (ClosedShare). Those who asked,
    sent and received are told; that somebody cannot be told never keeps a consent in force.
    """
    consent = _locked(consent, by)
    check_move(consent, State.WITHDRAWN)
    consent.state, consent.withdrawal_reason = State.WITHDRAWN, reason
    consent.ended_at, consent.ended_by = at, by.user
    consent.save(update_fields=["state", "withdrawal_reason", "ended_at", "ended_by"])
    record("consent_withdrawn", on=consent, by=by, at=at, purpose=consent.purpose)
    told = _tell_of_closed(consent.closed_shares, by=by, at=at)
    for organisation in {consent.organisation, consent.recipient} - {None, by.organisation}:
        if organisation is not None and organisation.pk not in told:
            _try_to_tell(Kind.CONSENT_WITHDRAWN, organisation, consent, by=by, at=at)
    return consent


@transaction.atomic
def use_other_basis(entry: OtherBasisEntry, *, by: Membership, at: datetime) -> OtherBasis:
    """Write down that data go to one organisation without consent, on which article and why.

    Against the person's own answer it is an override, which asks for its own permission. It
    stands on the privacy officer's list from this moment. Raises ConsentRefused.
    """
    overrides = goes_against(entry.person, entry.purpose, entry.recipient, by)
    reason = check_other_basis(entry, overrides=overrides, by=by)
    key = entry.person.key
    if key is None:
        raise ConsentRefused(_("The data of this person have been erased."))
    basis = OtherBasis(
        person=entry.person,
        organisation=by.organisation,
        purpose=entry.purpose,
        recipient=entry.recipient,
        categories=list(entry.categories),
        basis=entry.basis,
        article=entry.article.strip(),
        overrides=overrides,
        valid=DateTimeTZRange(at, at + OTHER_BASIS_HOLDS),
        recorded_at=at,
        recorded_by=by.user,
    )
    basis.sealed = seal({"reason": reason}, key=key, about=basis.about)
    basis.save(force_insert=True)
    action = "consent_overridden" if overrides else "other_basis_used"
    record(action, on=basis, by=by, at=at, purpose=basis.purpose, legal_basis=basis.basis)
    return basis


@transaction.atomic
def end_other_basis(basis: OtherBasis, *, by: Membership, at: datetime) -> OtherBasis:
    """It is not needed any more, or consent was given: what rests on it stops."""
    basis = _locked_basis(basis, by)
    if basis.ended_at is not None:
        raise ConsentRefused(_("This basis has ended already."))
    basis.ended_at, basis.ended_by = at, by.user
    basis.save(update_fields=["ended_at", "ended_by"])
    record("other_basis_ended", on=basis, by=by, at=at, purpose=basis.purpose)
    _tell_of_closed(basis.closed_shares, by=by, at=at)
    return basis


@transaction.atomic
def review_other_basis(
    basis: OtherBasis, *, verdict: Verdict, by: Membership, at: datetime
) -> OtherBasis:
    """The privacy officer judges it; what is not justified stops at once."""
    basis = _locked_basis(basis, by)
    if basis.verdict:
        raise ConsentRefused(_("This basis has been reviewed already."))
    basis.verdict, basis.reviewed_at, basis.reviewed_by = Verdict(verdict), at, by.user
    ends = verdict == Verdict.NOT_JUSTIFIED and basis.ended_at is None
    if ends:
        basis.ended_at, basis.ended_by = at, by.user
    basis.save(update_fields=["verdict", "reviewed_at", "reviewed_by", "ended_at", "ended_by"])
    record("other_basis_reviewed", on=basis, by=by, at=at, purpose=basis.purpose)
    if ends:
        _tell_of_closed(basis.closed_shares, by=by, at=at)
    return basis


@transaction.atomic
def read_reasons(
    found: Sequence[OtherBasis], *, person: Person, by: Membership, at: datetime
) -> list[tuple[OtherBasis, str]]:
    """The bases of one person with their reasons; the look is recorded."""
    key = person.key
    if not found:
        return []
    record("other_bases_read", on=person, by=by, at=at, ids=[basis.pk for basis in found])
    if key is None:
        return [(basis, "") for basis in found]
    return [
        (basis, str(unseal(bytes(basis.sealed), key=key, about=basis.about)["reason"]))
        for basis in found
    ]


@transaction.atomic
def list_other_bases(
    found: Iterable[OtherBasis], *, by: Membership, at: datetime
) -> list[OtherBasis]:
    """One page of the privacy officer's list, without the reasons."""
    bases = list(found)
    record("other_bases_listed", by=by, at=at, ids=[basis.pk for basis in bases])
    return bases


@transaction.atomic
def expire_consents(*, by: Membership, at: datetime) -> int:
    """Mark what is over; tells how many. Nothing was shared on them since their last day."""
    over = list(Consent.objects.visible_to(by).ending_before(at).select_for_update(of=("self",)))
    for consent in over:
        consent.state, consent.ended_at, consent.ended_by = State.EXPIRED, at, by.user
        consent.save(update_fields=["state", "ended_at", "ended_by"])
        record("consent_expired", on=consent, by=by, at=at, purpose=consent.purpose)
    return len(over)


@transaction.atomic
def tell_ending_consents(*, by: Membership, at: datetime) -> int:
    """Say once, to who asked, that a consent ends within thirty days."""
    soon = Consent.objects.visible_to(by).ending_before(at + SOON).filter(told_at=None)
    found = list(soon.select_related("organisation").select_for_update(of=("self",)))
    for consent in found:
        consent.told_at = at
        consent.save(update_fields=["told_at"])
        _try_to_tell(Kind.CONSENT_ENDS, consent.organisation, consent, by=by, at=at)
    return len(found)


@transaction.atomic
def list_consents(person: Person, *, by: Membership, at: datetime) -> list[Consent]:
    """The consents of a person that this member may see; the look is recorded."""
    consents = list(Consent.objects.visible_to(by).about(person).with_names().newest_first())
    record("consents_listed", on=person, by=by, at=at, ids=[consent.pk for consent in consents])
    return consents


# --- Parts of the deeds ----------------------------------------------------------------------
def _term(answer: Answer, at: datetime) -> DateTimeTZRange:
    """Twelve months, or until the day that the person chose; never longer, never nothing."""
    end = at + HOLDS
    if answer.until is not None:
        if answer.until <= at:
            raise ConsentRefused(_("The last day has passed already. Choose a later day."))
        end = min(end, answer.until)
    return DateTimeTZRange(at, end)


def _tell_of_closed(closed: Manager[ClosedShare], *, by: Membership, at: datetime) -> set[int]:
    """A line in the trail for each share that stopped, and word to both its sides."""
    shares = list(closed.select_related("sender", "recipient").order_by("pk"))
    record_many(
        [Line(action="share_stopped", on=share, ids=[share.object_id]) for share in shares],
        by=by,
        at=at,
    )
    told: set[int] = set()
    for share in shares:
        for side in (share.sender, share.recipient):
            _try_to_tell(Kind.SHARE_STOPPED, side, share, by=by, at=at)
            told.add(side.pk)
    return told


def _try_to_tell(
    kind: Kind, to: Organisation, on: Consent | ClosedShare, *, by: Membership, at: datetime
) -> None:
    """Post, and go on when that fails: a right is not kept waiting for a letter box."""
    try:
        with transaction.atomic():
            post(kind, to=to, on=on, at=at, urgent=kind != Kind.CONSENT_ENDS)
    except DatabaseError:
        logger.exception("notice_not_posted kind=%s", kind)
        record("consent_notice_not_posted", on=on, by=by, at=at)


def _locked_basis(basis: OtherBasis, by: Membership) -> OtherBasis:
    found = OtherBasis.objects.visible_to(by).with_names().filter(pk=basis.pk)
    held = found.select_for_update(of=("self",)).first()
    if held is None:
        raise ConsentRefused(_("You may see this basis, but you may not change it."))
    return held


def _locked(consent: Consent, by: Membership) -> Consent:
    found = (
        Consent.objects.visible_to(by)
        .select_for_update(of=("self",))
        .select_related("person", "organisation", "recipient")
        .filter(pk=consent.pk)
        .first()
    )
    if found is None:
        raise ConsentRefused(_("You may see this consent, but you may not change it."))
    return found


def _end_earlier(consent: Consent, *, by: Membership, at: datetime) -> None:
    """A newer answer to the same question ends the older: expired, or replaced."""
    earlier = Consent.objects.filter(
        person=consent.person_id,
        organisation=consent.organisation_id,
        purpose=consent.purpose,
        recipient=consent.recipient_id,
        recipient_kind=consent.recipient_kind,
        state=State.GIVEN,
    ).select_for_update()
    for old in earlier:
        old.state = State.REPLACED if old.holds_at(at) else State.EXPIRED
        old.ended_at, old.ended_by = at, by.user
        old.save(update_fields=["state", "ended_at", "ended_by"])
        record(f"consent_{old.state}", on=old, by=by, at=at, purpose=old.purpose)


def _answered(
    consent: Consent, state: State, answer: Answer, *, by: Membership, at: datetime
) -> None:
    consent.state, consent.answered_at, consent.answered_by = state, at, by.user
    consent.how, consent.given_by = answer.how, answer.given_by
    consent.language, consent.interpreter = answer.language, answer.interpreter
    consent.leaflet = answer.leaflet
    consent.evidence = answer.evidence
    consent.evidence_reference = answer.evidence_reference
