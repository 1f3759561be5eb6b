"""Requests of persons in the demo: received, in progress, answered, and granted and carried out."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from referral.access.context import service
from referral.cases.models import Case
from referral.cases.workflow import CaseStatus
from referral.demo.cast import BY_SLUG
from referral.demo.country.organisations import working
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from referral.retention.actions import review_due
from referral.rights import actions
from referral.rights.models import CameBy, Delivery, How, Proof, Refusal, Right, RightsExecution
from referral.rights.workflow import Status

ASKED = (
    (Right.ERASURE, CameBy.LAWYER, 45, "Verzonnen: wilt u alles over mij vernietigen?"),
    (Right.ACCESS, CameBy.LETTER, 24, "Verzonnen: wat bewaart u van mij, en wie zag het?"),
    (Right.RECTIFICATION, CameBy.IN_PERSON, 2, "Verzonnen: mijn geboortejaar klopt niet."),
)
GRANTED = (
    (
        CaseStatus.ACTIVE,
        Right.RESTRICTION,
        How.RESTRICTED,
        "Verzonnen: gebruik mijn gegevens niet.",
    ),
    (CaseStatus.CLOSED, Right.ERASURE, How.LISTED, "Verzonnen: wilt u mijn dossier vernietigen?"),
)
DONE = "Verzonnen: wij doen wat u vraagt. U kunt een klacht indienen."
ANSWER = (
    "Verzonnen: uw naam is gewist; uw aanmelding moeten wij bewaren. U kunt een klacht indienen."
)


def ask_some_rights(*, now: datetime) -> None:
    """Three persons of the north wrote to the national desk."""
    north, officer = (
        Membership.objects.with_names().get(user__email=BY_SLUG[slug].email)
        for slug in ("zorg-noord", "privacy")
    )
    with working(north):
        found = Case.objects.visible_to(north).filter(status=CaseStatus.ACTIVE)
        references = list(found.order_by("-opened_at").values_list("reference", flat=True)[:3])
    with working(officer):
        for reference, (right, came_by, days, words) in zip(references, ASKED, strict=False):
            at = now - timedelta(days=days)
            asked = actions.receive_request(
                reference,
                right=right,
                came_by=came_by,
                received_on=timezone.localdate(at),
                words=words,
                by=officer,
                at=at,
            )
            if right == Right.RECTIFICATION:
                continue
            at += timedelta(days=2)
            asked = actions.check_identity(asked, proof=Proof.KNOWN, by=officer, at=at)
            asked = actions.begin_request(asked, by=officer, at=at)
            if right == Right.ACCESS:
                actions.make_extract(asked, by=officer, at=now)
                continue
            asked = actions.answer_request(
                asked,
                Status.PARTLY_GRANTED,
                refusal=Refusal.LAW,
                words=ANSWER,
                by=officer,
                at=at + timedelta(days=10),
            )
            actions.close_request(
                asked, delivery=Delivery.COLLECTED, by=officer, at=at + timedelta(days=12)
            )


def carry_out_some(*, now: datetime) -> None:
    """A restriction that stands, and an erasure that two persons must still decide on."""
    north, officer, desk = (
        Membership.objects.with_names().get(user__email=BY_SLUG[slug].email)
        for slug in ("zorg-noord", "privacy", "registratie")
    )
    for status, right, how, words in GRANTED:
        with working(north):
            found = Case.objects.visible_to(north).filter(status=status)
            case = found.order_by("opened_at").first()
        if case is None:
            continue
        at = now - timedelta(days=3)
        with working(officer):
            asked = actions.receive_request(
                case.reference,
                right=right,
                came_by=CameBy.LETTER,
                received_on=timezone.localdate(at),
                words=words,
                by=officer,
                at=at,
            )
            asked = actions.check_identity(asked, proof=Proof.KNOWN, by=officer, at=at)
            asked = actions.begin_request(asked, by=officer, at=at)
            actions.answer_request(asked, Status.GRANTED, refusal="", words=DONE, by=officer, at=at)
        with working(desk):
            execution = RightsExecution.objects.visible_to(desk).get(reference=asked.reference)
            actions.carry_out(execution, how, by=desk, at=now)
    clock = service(Role.SERVICE_SWEEPER)
    with working(clock):
        review_due(by=clock, at=now)
