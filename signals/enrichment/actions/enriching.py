"""Findings are added, amended as a new version, and by decision kept longer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.access.models import DataKey
from referral.access.secrets import new_data_key, seal
from referral.audit.actions import record
from referral.organisations.models import Membership
from signals.actions.triage import lock
from signals.enrichment.actions.requests import end_request
from signals.enrichment.models import (
    Enrichment,
    EnrichmentVersion,
    Ground,
    PartnerRequest,
    Prolongation,
)
from signals.enrichment.rules import (
    Finding,
    check_amend,
    check_enrich,
    check_finding,
    check_prolong,
    check_term,
    ends_on,
    prolonged_until,
)
from signals.enrichment.workflow import RequestStatus
from signals.models import Signal
from signals.rules import check_words


@transaction.atomic
def add_enrichment(signal: Signal, finding: Finding, *, by: Membership, at: datetime) -> Enrichment:
    """Write down what was found about a signal; its term begins to run."""
    [signal] = lock([signal], by=by)
    check_enrich(by, signal)
    added = _add(signal, finding, request=None, by=by, at=at)
    record("enrichment_added", by=by, at=at, on=added)
    return added


@transaction.atomic
def take_over_answer(
    request: PartnerRequest, finding: Finding, *, by: Membership, at: datetime
) -> Enrichment:
    """What a partner answered becomes a finding; from then on it stands there alone."""
    [signal] = lock([request.signal], by=by)
    check_enrich(by, signal)
    request = end_request(request, RequestStatus.TAKEN_OVER, by=by, at=at)
    added = _add(signal, finding, request=request, by=by, at=at)
    record("partner_request_taken_over", by=by, at=at, on=request)
    return added


def _add(
    signal: Signal,
    finding: Finding,
    *,
    request: PartnerRequest | None,
    by: Membership,
    at: datetime,
) -> Enrichment:
    text = check_finding(finding, on=timezone.localdate(at))
    key = new_data_key()
    added = Enrichment.objects.create(
        signal=signal,
        number=Enrichment.objects.visible_to(by).filter(signal=signal).count() + 1,
        request=request,
        key=key,
        added_at=at,
        added_by=by.user,
        ends_on=ends_on(finding.ground, added=at),
    )
    _write(added, finding, text, key=key, number=1, by=by, at=at)
    return added


@transaction.atomic
def amend_enrichment(
    enrichment: Enrichment, finding: Finding, *, by: Membership, at: datetime
) -> EnrichmentVersion:
    """Write a new version; the ones before it stay. Another basis brings another term, counted
    from the first day; what was decided under the basis before lapses with it.
    """
    enrichment, ground, last = _lock(enrichment, by=by)
    check_amend(by, enrichment)
    today = timezone.localdate(at)
    text = check_finding(finding, on=today)
    if finding.ground.code != ground.code:
        enrichment.ends_on = ends_on(finding.ground, added=enrichment.added_at)
        check_term(enrichment.ends_on, today=today)
        enrichment.save(update_fields=["ends_on"])

    key = _key(enrichment)
    version = _write(enrichment, finding, text, key=key, number=last + 1, by=by, at=at)
    record("enrichment_amended", by=by, at=at, on=enrichment)
    return version


@transaction.atomic
def prolong_enrichment(
    enrichment: Enrichment, *, reason: str, by: Membership, at: datetime
) -> Prolongation:
    """Keep a finding longer than its term, where its basis allows it."""
    enrichment, ground, _last = _lock(enrichment, by=by)
    today = timezone.localdate(at)
    check_prolong(by, enrichment, ground, today=today)
    reason = check_words(reason, answer="reason", empty=_("Write down why it must be kept longer."))

    enrichment.ends_on = prolonged_until(enrichment, ground, today=today)
    enrichment.save(update_fields=["ends_on"])
    decided = Prolongation(
        enrichment=enrichment, until=enrichment.ends_on, decided_at=at, decided_by=by.user
    )
    decided.sealed = seal(
        {"reason": reason}, key=_key(enrichment), about=about_prolongation(decided.pk)
    )
    decided.save(force_insert=True)
    record("enrichment_prolonged", by=by, at=at, on=enrichment)
    return decided


def _lock(enrichment: Enrichment, *, by: Membership) -> tuple[Enrichment, Ground, int]:
    """The finding as it is now, its ground, and the number of its last version."""
    locked = (
        Enrichment.objects.visible_to(by)
        .select_for_update(of=["self"])
        .select_related("key", "signal")
        .get(pk=enrichment.pk)
    )
    versions = EnrichmentVersion.objects.visible_to(by).filter(enrichment=locked)
    last = versions.select_related("ground").order_by("-number")[0]
    return locked, last.ground, versions.aggregate(count=Count("pk"))["count"]


def _key(enrichment: Enrichment) -> DataKey:
    if enrichment.key is None:
        raise Enrichment.DoesNotExist
    return enrichment.key


def _write(
    enrichment: Enrichment,
    finding: Finding,
    text: str,
    *,
    key: DataKey,
    number: int,
    by: Membership,
    at: datetime,
) -> EnrichmentVersion:
    version = EnrichmentVersion(
        enrichment=enrichment,
        number=number,
        kind=finding.kind,
        source=finding.source,
        reliability=finding.reliability,
        credibility=finding.credibility,
        ground=finding.ground,
        written_at=at,
        written_by=by.user,
    )
    version.sealed = seal({"text": text}, key=key, about=about_version(version.pk))
    version.save(force_insert=True)
    return version


def about_version(pk: UUID) -> str:
    """What the sealed words of a finding say they are about; elsewhere they do not open."""
    return f"enrichment_enrichmentversion|{pk}|1"


def about_prolongation(pk: UUID) -> str:
    """What the sealed reason to keep a finding longer says it is about."""
    return f"enrichment_prolongation|{pk}|1"
