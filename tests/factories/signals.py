"""Signals as they come about: by walking the actions, never by writing rows."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from referral.access.context import acting
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from signals.actions import (
    ask_question,
    close_signal,
    confirm_rejection,
    deepen_signal,
    judge_signal,
    merge_signal,
    park_signal,
    split_signal,
    submit_signal,
    take_up_signal,
    withdraw_signal,
)
from signals.models import Indicator, Item, Signal, WithdrawalReason
from signals.rules import Draft, Findings, ItemEntry, Said, edition_now, profile_for
from signals.workflow import JUDGED, Feedback, Status, Verdict
from tests.factories.people import make_member

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
#: Words that must be found nowhere but in the sealed narrative and on the page of the signal.
QUESTION = "Which number plate did the blue van have?"
FACTS = "A canary named Alice Janssen sleeps behind the kitchen."


def make_draft(**changes: Any) -> Draft:
    answers: dict[str, Any] = {
        "forms": ["labour"],
        "facts": FACTS,
        "place_kind": "restaurant",
        "danger": False,
        "municipality_code": "GM0363",
        "observed": DateRange(date(2026, 11, 19), date(2026, 11, 20)),
        "n_victims": 2,
        "sex": "female",
        "age_group": "adult",
    }
    return Draft(**{**answers, **changes})


def make_signal(
    *,
    by: Membership | None = None,
    at: datetime | None = None,
    deepened: bool = False,
    **changes: Any,
) -> Signal:
    """Alice, a police officer unless another is given, has sent a signal, and added to it."""
    by = by or make_member(Role.LE_POLICE)
    with acting(by, purpose="test"):
        signal = submit_signal(make_draft(**changes), by=by, at=at or timezone.now())
        if deepened:
            deepen_signal(signal, findings("C01"), by=by, at=timezone.now())
        return signal


def said(by: Membership, *items: ItemEntry, **answers: str) -> Said:
    """Answers to the own questions of this reporter, and whom and what the signal names."""
    profile = profile_for(by.organisation.type)
    return Said(edition=edition_now().number, profile=profile.code, answers=answers, items=items)


def item(kind: str, **answers: str) -> ItemEntry:
    """One row of a signal, such as a person with the role of victim."""
    return ItemEntry(kind=kind, answers=answers)


#: One row of each kind, of which every one but the company's name has a search key.
ROWS = (
    item(
        "person",
        role="victim",
        sex="female",
        given_names="Alice",
        family_name="van den Voorbeeld",
        birth="31-12-1990",
        nationality="RO",
    ),
    item("person", role="suspect", given_names="Mallory", family_name="Verzonnen", birth="1970"),
    item("place", role="works", postcode="1011 ab", house_number="12-a", where="Fictielaan"),
    item("period", what="worked there", since="03-2026", until="10-2026", sure="about"),
    item("vehicle", plate="xx-99-yy", looks="A blue van"),
    item("phone", number="06 12345678", whose="suspect"),
    item("account", sort="iban", account="NL91 ABNA 0417 1643 00"),
    item("account", sort="instagram", account="https://instagram.com/Voorbeeld_1/"),
    item("company", company="Fictief BV", kvk="1234 5678", web="info@fictief.example"),
)


def findings(*codes: str, knowledge: str = "seen", after: int = 0, **said: str) -> Findings:
    """Indicators of today, all known in the same way."""
    today = timezone.localdate()
    names = [one.name for one in Indicator.objects.valid_on(today).filter(code__in=codes)]
    return Findings(answers=dict.fromkeys(names, knowledge), after=after, **said)


def signal_at(
    status: Status,
    *,
    by: Membership | None = None,
    analyst: Membership | None = None,
    verdict: Verdict = Verdict.FORWARDED,
    **changes: Any,
) -> Signal:
    """A signal that came to this status in the only way there is."""
    signal = make_signal(by=by, **changes)
    if status in (Status.RECEIVED, Status.WITHDRAWN):
        return withdrawn(signal) if status == Status.WITHDRAWN else signal
    analyst = analyst or make_member(Role.EMM_ANALYST)
    with acting(analyst, purpose="test"):
        now = timezone.now()
        signal = take_up_signal(signal, by=analyst, at=now)
        if status == Status.NEEDS_INFO:
            return ask_question(signal, question=QUESTION, by=analyst, at=now).signal
        if status == Status.PARKED:
            until = timezone.localdate(now) + timedelta(days=30)
            return park_signal(signal, reason="A raid.", until=until, by=analyst, at=now).signal
        if status == Status.MERGED:
            other = make_signal()
            reason = "The same van."
            return merge_signal(signal, into=other, reason=reason, by=analyst, at=now).signal
        if status == Status.TRIAGE:
            return signal
        if status == Status.SECOND_READING:
            return _judged(signal, Verdict.REJECTED, analyst)
    signal = _decided(signal, Verdict(status) if status in JUDGED else verdict, analyst)
    if status == Status.CLOSED:
        with acting(analyst, purpose="test"):
            feedback = Feedback.STARTED if signal.status == Status.FORWARDED else None
            return close_signal(signal, feedback=feedback, by=analyst, at=now)
    return signal


def split_up(by: Membership) -> list[Signal]:
    """Two presumed victims of one signal, of whom one has got a signal of their own."""
    victims = [item("person", role="victim", birth=year) for year in ("1990", "1985")]
    signal = make_signal(by=by, said=said(by, *victims, *ROWS[2:]))
    with acting(by, purpose="test"):
        chosen = Item.objects.visible_to(by).of(signal).filter(kind="person", position=1)
        return split_signal(signal, persons=[chosen.get().pk], by=by, at=timezone.now())


def withdrawn(signal: Signal) -> Signal:
    """Who reported it takes it back."""
    people = Membership.objects.with_names().filter(organisation=signal.reporter_organisation_id)
    reporter = people.get(user=signal.created_by_id)
    with acting(reporter, purpose="test"):
        return withdraw_signal(
            signal,
            reason=WithdrawalReason.MISTAKE,
            explanation="It was a rehearsal.",
            by=reporter,
            at=timezone.now(),
        )


def _decided(signal: Signal, verdict: Verdict, analyst: Membership) -> Signal:
    signal = _judged(signal, verdict, analyst)
    if verdict != Verdict.REJECTED:
        return signal
    reader = make_member(Role.EMM_ANALYST, name="Rita the reader")
    with acting(reader, purpose="test"):
        return confirm_rejection(signal, by=reader, at=timezone.now())


def _judged(signal: Signal, verdict: Verdict, analyst: Membership) -> Signal:
    with acting(analyst, purpose="test"):
        return judge_signal(
            signal,
            verdict=verdict,
            motivation="Three facts agree.",
            by=analyst,
            at=timezone.now(),
        )
