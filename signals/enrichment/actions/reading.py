"""Looking at findings and requests. A look is a deed: it is recorded before anything is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from referral.access.models import DataKey
from referral.access.secrets import unseal
from referral.audit.actions import record
from referral.lib.tally import Tally
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from signals.enrichment.actions.enriching import about_prolongation, about_version
from signals.enrichment.actions.requests import about_request
from signals.enrichment.models import Enrichment, EnrichmentVersion, PartnerRequest, Prolongation
from signals.enrichment.workflow import RequestStatus
from signals.models import Signal

ROWS_ON_HOME = 5


@dataclass(frozen=True, slots=True)
class OpenedVersion:
    """A version in words; empty once it was destroyed."""

    version: EnrichmentVersion
    text: str


@dataclass(frozen=True, slots=True)
class OpenedProlongation:
    """Until when a finding is kept longer, and why."""

    prolongation: Prolongation
    reason: str


@dataclass(frozen=True, slots=True)
class OpenedEnrichment:
    """A finding: what it says now, and what it said before."""

    enrichment: Enrichment
    last: OpenedVersion
    earlier: tuple[OpenedVersion, ...]
    prolongations: tuple[OpenedProlongation, ...]


@dataclass(frozen=True, slots=True)
class OpenedRequest:
    """A request in words, as the partner and the expert centre read it."""

    request: PartnerRequest
    purpose: str
    question: str
    facts: tuple[tuple[str, str], ...]
    answer: str
    refusal: str


@dataclass(frozen=True, slots=True)
class HomeRequests:
    """What the home page shows a partner of what it is asked; no kind for everybody else."""

    kind: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    rows: tuple[PartnerRequest, ...] = ()


@transaction.atomic(savepoint=False)
def open_enrichments(
    signal: Signal, *, by: Membership, at: datetime, only: Enrichment | None = None
) -> list[OpenedEnrichment]:
    """Read what the expert centre found about a signal; all of it, or one finding."""
    found = Enrichment.objects.visible_to(by).with_versions().filter(signal=signal)
    if only is not None:
        found = found.filter(pk=only.pk)
    enrichments = list(found.order_by("number"))
    if enrichments:
        record("enrichments_opened", by=by, at=at, on=signal, ids=[e.pk for e in enrichments])
    return [_opened(enrichment) for enrichment in enrichments]


def _opened(enrichment: Enrichment) -> OpenedEnrichment:
    last, *earlier = [
        OpenedVersion(version, _words(version.sealed, enrichment.key, about_version(version.pk)))
        for version in enrichment.versions.all()
    ]
    longer = [
        OpenedProlongation(one, _words(one.sealed, enrichment.key, about_prolongation(one.pk)))
        for one in enrichment.prolongations.all()
    ]
    return OpenedEnrichment(enrichment, last, tuple(earlier), tuple(longer))


def _words(sealed: bytes | memoryview | None, key: DataKey | None, about: str) -> str:
    """The one text in a sealed value; empty when it was destroyed."""
    if sealed is None or key is None:
        return ""
    [text] = unseal(bytes(sealed), key=key, about=about).values()
    return str(text)


@transaction.atomic
def open_partner_request(request: PartnerRequest, *, by: Membership, at: datetime) -> OpenedRequest:
    """Read what a partner was asked and what it said."""
    request = (
        PartnerRequest.objects.visible_to(by)
        .with_names()
        .select_related("ended_by")
        .get(pk=request.pk)
    )
    record("partner_request_opened", by=by, at=at, on=request)
    asked = unseal(bytes(request.sealed), key=request.key, about=about_request(request.pk))
    facts = asked["facts"]
    return OpenedRequest(
        request,
        str(asked["purpose"]),
        str(asked["question"]),
        tuple((label, value) for label, value in facts) if isinstance(facts, list) else (),
        _words(request.answer, request.key, about_request(request.pk, "answer")),
        _words(request.refusal, request.key, about_request(request.pk, "refusal")),
    )


@transaction.atomic(savepoint=False)
def list_requests(
    found: Iterable[PartnerRequest], *, by: Membership, at: datetime
) -> list[PartnerRequest]:
    """One page of a list that was scoped by visible_to; the trail gets the ids shown."""
    requests = list(found)
    record("partner_requests_listed", by=by, at=at, ids=[request.pk for request in requests])
    return requests


@transaction.atomic(savepoint=False)
def list_desk(found: Iterable[Enrichment], *, by: Membership, at: datetime) -> list[Enrichment]:
    """Findings whose term is nearly over; no words of them."""
    enrichments = list(found)
    record("enrichments_listed", by=by, at=at, ids=[one.pk for one in enrichments])
    return enrichments


@transaction.atomic(savepoint=False)
def list_home_requests(*, by: Membership, at: datetime, tally: Tally | None = None) -> HomeRequests:
    """What waits for a partner's answer, the soonest first."""
    if not by.may(Permission.SIGNAL_RECEIVE):
        return HomeRequests()
    today = timezone.localdate(at)
    asked = PartnerRequest.objects.visible_to(by).filter(status=RequestStatus.ASKED)
    rows = tuple(asked.with_names().soonest_first()[:ROWS_ON_HOME])
    if not rows:
        return HomeRequests()
    record("partner_requests_listed", by=by, at=at, ids=[request.pk for request in rows])
    counts = (tally or Tally()).of(waiting=asked, overdue=asked.due_before(today))
    return HomeRequests("partner", counts, rows)
