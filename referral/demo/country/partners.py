"""What the expert centre adds to signals and sends to partners in the demo: a few of each."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from referral.demo.country.organisations import Country, working
from referral.organisations.models import Membership
from signals.actions import take_up_signals
from signals.enrichment.actions import add_enrichment, answer_request, ask_partner
from signals.enrichment.models import FlowBasis, Ground, Source
from signals.enrichment.rules import Asking, Finding
from signals.enrichment.workflow import Credibility, FindingKind, Reliability
from signals.forwarding.actions import (
    fingerprint,
    open_extract,
    preview_extract,
    send_extract,
)
from signals.forwarding.models import Extract
from signals.forwarding.rules import Packing
from signals.models import Signal
from signals.workflow import Status

#: So many findings and requests, and so many extracts.
FINDINGS, EXTRACTS = 3, 3
#: Of a term of six months, so much is over.
LONG_AGO = timedelta(days=165)
FOUND = "Verzonnen: de naam van het bedrijf komt voor in twee eerdere meldingen."
QUESTION = "Is het bedrijf op dit adres bij u bekend? Zo ja, waarvan?"
ANSWER = "Verzonnen: bij een controle in mei zijn drie mensen zonder loonstrook aangetroffen."
PURPOSE = "Onderzoek naar mogelijke uitbuiting op deze plaats."


def enrich_and_forward(country: Country, *, now: datetime) -> None:
    """Findings, requests of which one is answered, and extracts of which one is opened."""
    analyst = country.analysts[0]
    partners = [country.officers[0], country.nla[0], country.kmar[0]]
    with working(analyst):
        waiting = Signal.objects.visible_to(analyst).filter(status=Status.RECEIVED)
        signals = list(waiting.order_by("reference")[:FINDINGS])
        taken = take_up_signals(signals, by=analyst, at=now - timedelta(minutes=9))
        requests = [
            (ask_partner(signal, asking(partner), by=analyst, at=now), partner)
            for signal, partner in zip(taken, partners, strict=False)
        ]
        for signal in taken:
            add_enrichment(signal, finding(now), by=analyst, at=now)
        # What was found long ago: its term is nearly over.
        long_ago = now - LONG_AGO
        watched = Signal.objects.visible_to(analyst).filter(
            status=Status.MONITORED, created_at__lt=long_ago - timedelta(days=9)
        )
        for signal in watched.newest_first()[:1]:
            add_enrichment(signal, finding(long_ago), by=analyst, at=long_ago)
        forwarded = Signal.objects.visible_to(analyst).filter(
            status=Status.FORWARDED, taken_up_by=analyst.user_id, import_batch=None
        )
        sent = [
            (send(signal, partner, by=analyst, at=now), partner)
            for signal, partner in zip(forwarded.newest_first()[:EXTRACTS], partners, strict=False)
        ]
    for request, partner in requests[1:2]:
        with working(partner):
            answer_request(request, answer=ANSWER, by=partner, at=now)
    for extract, partner in sent[1:2]:
        with working(partner):
            open_extract(extract, by=partner, at=now)


def finding(at: datetime) -> Finding:
    day = timezone.localdate(at)
    return Finding(
        kind=FindingKind.BUSINESS,
        text=FOUND,
        source=Source.objects.valid_on(day).get(code="police"),
        reliability=Reliability.B,
        credibility=Credibility.PROBABLE,
        ground=Ground.objects.valid_on(day).get(code="wpg_9"),
    )


def asking(partner: Membership) -> Asking:
    return Asking(
        organisation=partner.organisation,
        basis=FlowBasis.objects.valid_on(timezone.localdate()).get(code="wpg_15"),
        purpose=PURPOSE,
        question=QUESTION,
        facts=["forms", "place", "place_kind"],
        working_days=10,
    )


def send(signal: Signal, partner: Membership, *, by: Membership, at: datetime) -> Extract:
    packing = Packing(
        receiver=partner.organisation,
        basis=FlowBasis.objects.valid_on(timezone.localdate(at)).get(code="wpg_15"),
        purpose=PURPOSE,
        sections=["facts", "story", "indicators"],
    )
    seen = fingerprint(preview_extract(signal, packing, by=by, at=at))
    return send_extract(signal, packing, seen=seen, by=by, at=at)
