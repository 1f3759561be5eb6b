"""Taken back is taken back: what rests on a consent stops at once, and nothing is in the way."""

from collections import Counter
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from referral.access.context import service
from referral.audit.models import AuditEvent
from referral.cases.models import Case, Handoff
from referral.cases.referrals.actions import accept_referral, offer_referral
from referral.cases.referrals.models import Referral, ReferralPackage
from referral.cases.referrals.workflow import ReferralStatus
from referral.cases.rules import MoveRefused
from referral.cases.workflow import CaseStatus, HandoffStatus
from referral.lib.ids import uuid7
from referral.notices.kinds import Kind
from referral.notices.models import Notice
from referral.organisations.roles import Role
from referral.sharing import actions
from referral.sharing.models import ClosedShare, Consent, OtherBasis, Verdict, WithdrawalReason
from referral.sharing.rules import ConsentRefused, OtherBasisEntry, SharingRefused
from referral.sharing.workflow import State
from tests.factories.cases import case_at, colleague_of, doing, handoff_at, make_country
from tests.factories.people import make_member
from tests.factories.referrals import consent_for, make_lawyer, referral_at, request_of

WHY = WithdrawalReason.NOT_SAID


@pytest.mark.django_db
def test_withdrawal_by_the_desk_stops_a_referral_and_a_handoff_that_are_not_its_own():
    country, lawyer, now = make_country(), make_lawyer(), timezone.now()
    helping = referral_at(ReferralStatus.ACCEPTED, country, receiver=lawyer)
    handoff = handoff_at(HandoffStatus.OFFERED, country)
    with doing(country.desk):
        for consent in Consent.objects.filter(person=helping.case.person, recipient__isnull=False):
            actions.withdraw_consent(consent, reason=WHY, by=country.desk, at=now)
        [consent] = Consent.objects.filter(person=handoff.case.person, purpose="handoff")
        actions.withdraw_consent(consent, reason=WHY, by=country.desk, at=now)
        assert ClosedShare.objects.count() == 2
    with doing(country.alice):
        assert Referral.objects.get().status == ReferralStatus.STOPPED
        stopped = Handoff.objects.get(pk=handoff.pk)
        assert (stopped.status, stopped.answered_by) == ("withdrawn", country.desk.user)
        case = Case.objects.get(pk=handoff.case_id)
        assert (case.offered_to, case.next_step) == (None, "ask_consent")
    with doing(lawyer):
        assert not ReferralPackage.objects.exists()
        assert Referral.objects.get().status == ReferralStatus.STOPPED
    with doing(country.bob):
        assert not Case.objects.filter(pk=handoff.case_id).exists()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
        told = Notice.objects.filter(kind=Kind.SHARE_STOPPED)
        assert set(told.values_list("organisation", flat=True)) == {
            country.alice.organisation_id, country.bob.organisation_id, lawyer.organisation_id
        }  # fmt: skip
        assert AuditEvent.objects.filter(action="share_stopped").count() == 2


@pytest.mark.django_db
def test_a_notice_that_cannot_be_posted_keeps_no_consent_in_force(monkeypatch):
    country, lawyer = make_country(), make_lawyer()
    referral = referral_at(ReferralStatus.OFFERED, country, receiver=lawyer)
    gone = "INSERT INTO notices_notice (kind) VALUES ('x')"

    def fails(*_args, **_kwargs):
        connection.cursor().execute(gone)

    monkeypatch.setattr(actions, "post", fails)
    with doing(country.alice):
        consent = Consent.objects.get(person=referral.case.person, recipient=lawyer.organisation_id)
        with pytest.raises(DatabaseError), transaction.atomic():
            fails()  # this is how a letter box is gone
        actions.withdraw_consent(consent, reason=WHY, by=country.alice, at=timezone.now())
        assert Consent.objects.get(pk=consent.pk).state == State.WITHDRAWN
        assert Referral.objects.get().status == ReferralStatus.STOPPED
    with doing(lawyer), pytest.raises(MoveRefused):
        accept_referral(referral, by=lawyer, at=timezone.now())


@pytest.mark.django_db
def test_another_basis_against_a_no_is_an_override_until_the_officer_stops_it():
    country, lawyer, now = make_country(), make_lawyer(), timezone.now()
    alice, officer = country.alice, make_member(Role.FG)
    case = case_at(CaseStatus.ACTIVE, country)
    with doing(alice):
        person = case.person
    entry = OtherBasisEntry(
        person=person,
        purpose="care_coordination",
        recipient=lawyer.organisation,
        categories=["situation", "care"],
        basis="vital_interest",
        article="AVG art. 6 lid 1 onder d",
        reason="Zij loopt nu gevaar.",
    )
    consent = consent_for(case, lawyer, by=alice)
    with doing(alice):
        actions.withdraw_consent(consent, reason=WHY, by=alice, at=now)
        # Who did not look cannot record it as if nobody had said no.
        kept = actions.use_other_basis(entry, by=alice, at=now)
        assert kept.overrides
        copy = OtherBasis.objects.get()
        copy.pk, copy.overrides = consent.pk, False
        with pytest.raises(IntegrityError, match="against_a_no"), transaction.atomic():
            copy.save(force_insert=True)
        with pytest.raises(ConsentRefused) as refused:
            actions.use_other_basis(
                OtherBasisEntry(
                    person=case.person, purpose="placement", recipient=lawyer.organisation,
                    categories=[], basis="consent", article=" ", reason="",
                ),
                by=alice,
                at=now,
            )  # fmt: skip
        assert set(refused.value.reasons) == {"basis", "article", "categories", "reason"}
        with pytest.raises(SharingRefused):  # more than it is for
            offer_referral(request_of(case, lawyer), by=alice, at=now)
        asked = request_of(case, lawyer, sections=["situation"], message="")
        referral = offer_referral(asked, by=alice, at=now)
        assert (referral.legal_basis, referral.other_basis) == ("vital_interest", kept)
        [(_basis, reason)] = actions.read_reasons([kept], person=case.person, by=alice, at=now)
        assert reason == entry.reason
        with pytest.raises(IntegrityError, match="privacy_officer"), transaction.atomic():
            OtherBasis.objects.update(verdict="justified", reviewed_at=now, reviewed_by=alice.user)
    with doing(officer):
        [listed] = OtherBasis.objects.visible_to(officer)
        assert listed == kept
        actions.review_other_basis(kept, verdict=Verdict.NOT_JUSTIFIED, by=officer, at=now)
        with pytest.raises(ConsentRefused):
            actions.review_other_basis(kept, verdict=Verdict.JUSTIFIED, by=officer, at=now)
    with doing(alice):
        assert Referral.objects.get().status == ReferralStatus.STOPPED
        with pytest.raises(ConsentRefused):
            actions.end_other_basis(kept, by=alice, at=now)


@pytest.mark.django_db
def test_the_database_keeps_the_sentences_of_other_bases():
    country, lawyer, now = make_country(), make_lawyer(), timezone.now()
    case = case_at(CaseStatus.ACTIVE, country)
    consent_for(case, lawyer, by=country.alice)
    with doing(country.alice):
        actions.use_other_basis(
            OtherBasisEntry(
                person=case.person, purpose="placement", recipient=lawyer.organisation,
                categories=["care"], basis="public_task", article="Wmo art. 5.3.3", reason="Kind.",
            ),
            by=country.alice,
            at=now,
        )  # fmt: skip
    sentences = {
        "other_basis_purpose_is_known": {"purpose": "fun"},
        "other_basis_is_one_that_needs_no_consent": {"basis": "consent"},
        "other_basis_names_its_article": {"article": " "},
        "other_basis_says_which_data": {"categories": []},
        "other_basis_has_an_end": {"valid": (now, None)},
        "other_basis_is_ended_by_someone_at_a_time": {"ended_at": now},
        "other_basis_is_reviewed_by_someone_with_a_verdict": {"reviewed_at": now},
        "other_basis_that_is_not_justified_has_ended": {
            "verdict": "not_justified",
            "reviewed_at": now,
            "reviewed_by_id": country.alice.user_id,
        },
    }
    for sentence, changed in sentences.items():
        with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
            break_it(changed)


def break_it(changed):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
    row = OtherBasis.objects.order_by("-pk")[0]
    row.pk, row.purpose = uuid7(), "research"
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(force_insert=True)


@pytest.mark.django_db
def test_a_consent_ends_by_the_clock_and_who_asked_is_told_before():
    country, lawyer = make_country(), make_lawyer()
    case = case_at(CaseStatus.ACTIVE, country)
    consent = consent_for(case, lawyer, by=country.alice)
    sweeper = service(Role.SERVICE_SWEEPER)
    with doing(sweeper):
        now = consent.valid.upper - timedelta(days=20)
        assert actions.expire_consents(by=sweeper, at=now) == 0
        assert actions.tell_ending_consents(by=sweeper, at=now) >= 1
        assert actions.tell_ending_consents(by=sweeper, at=now) == 0
        assert actions.expire_consents(by=sweeper, at=now + timedelta(days=30)) >= 1
    with doing(country.alice):
        assert Consent.objects.get(pk=consent.pk).state == State.EXPIRED


@pytest.mark.usefixtures("committed")
def test_of_fifty_who_accept_one_wins_and_a_withdrawal_at_the_same_time_always_does():
    country, lawyer = make_country(), make_lawyer()
    referral = referral_at(ReferralStatus.OFFERED, country, receiver=lawyer)
    team = [lawyer, *(colleague_of(lawyer) for _ in range(49))]
    results = at_once(
        [(one, lambda by: accept_referral(referral, by=by, at=timezone.now())) for one in team]
    )
    assert Counter(results) == {"done": 1, "MoveRefused": 49}

    case = case_at(CaseStatus.ACTIVE, country)
    consent = consent_for(case, lawyer, by=country.alice)
    results = at_once(
        [
            (
                country.alice,
                lambda by: offer_referral(request_of(case, lawyer), by=by, at=timezone.now()),
            ),
            (
                country.desk,
                lambda by: actions.withdraw_consent(consent, reason=WHY, by=by, at=timezone.now()),
            ),
        ]
    )
    assert results[1] == "done"
    with doing(country.alice):
        assert not Referral.objects.filter(case=case).open().exists()


def at_once(deeds):
    """Do all at the same moment, each on a connection of its own; what became of each."""
    start, results = Barrier(len(deeds)), ["" for _ in deeds]

    def run(number, member, deed):
        start.wait()
        try:
            with doing(member):
                deed(member)
            results[number] = "done"
        except Exception as error:  # noqa: BLE001 -- what it is, is what the test is about
            results[number] = type(error).__name__
        finally:
            connection.close()

    threads = [Thread(target=run, args=(n, *deed)) for n, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
