"""The only writers of consents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from referral.audit.actions import Line, record, record_many
from referral.notices.actions import post
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.persons.models import Person
from referral.sharing.models import Consent, Purpose, WithdrawalReason
from referral.sharing.rules import (
    Answer,
    ConsentEntry,
    ConsentRefused,
    check_answer,
    check_move,
)
from referral.sharing.workflow import State

#: A consent holds for twelve months, and is then asked again.
HOLDS = timedelta(days=365)


@transaction.atomic
def ask_consent(
    person: Person,
    *,
    purpose: Purpose,
    by: Membership,
    at: datetime,
    recipient: Organisation | None = None,
    recipient_kind: str = "",
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
        defaults={"asked_at": at, "asked_by": by.user},
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
        consent.valid = DateTimeTZRange(at, at + HOLDS)
    _answered(consent, state, answer, by=by, at=at)
    consent.save(
        update_fields=[
            "state", "how", "given_by", "language", "interpreter", "leaflet",
            "answered_at", "answered_by", "valid",
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
            asked_at=moment,
            asked_by=by.user,
            valid=DateTimeTZRange(moment, moment + HOLDS),
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

    What was shared lawfully before stays where it is. The organisation that asked is told, and
    so is the recipient who relies on it.
    """
    consent = _locked(consent, by)
    check_move(consent, State.WITHDRAWN)
    consent.state, consent.withdrawal_reason = State.WITHDRAWN, reason
    consent.ended_at, consent.ended_by = at, by.user
    consent.save(update_fields=["state", "withdrawal_reason", "ended_at", "ended_by"])
    record("consent_withdrawn", on=consent, by=by, at=at, purpose=consent.purpose)
    for organisation in {consent.organisation, consent.recipient} - {None, by.organisation}:
        if organisation is not None:
            post(Kind.CONSENT_WITHDRAWN, to=organisation, on=consent, at=at, urgent=True)
    return consent


@transaction.atomic
def list_consents(person: Person, *, by: Membership, at: datetime) -> list[Consent]:
    """The consents of a person that this member may see; the look is recorded."""
    consents = list(Consent.objects.visible_to(by).about(person).with_names().newest_first())
    record("consents_listed", on=person, by=by, at=at, ids=[consent.pk for consent in consents])
    return consents


# --- Parts of the deeds ----------------------------------------------------------------------
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
