"""From records to protected figures, in three steps that may each run twice.

Counting is one transaction; protecting holds none, so that its progress can be seen; the figures,
the files and the new status are one transaction again. Whoever comes second finds the work done.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from referral.access.secrets import new_data_key, seal, unseal
from referral.audit.actions import record
from referral.notices.actions import post
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import OrganisationType, Role
from reporting.counting import count
from reporting.disclosure.attack import Attacker
from reporting.disclosure.protection import (
    Protection,
    ReleaseRefused,
    protect,
    uniform_groups,
)
from reporting.documents import manifest, render_release
from reporting.lattice import lattice_of
from reporting.models import Artefact, DraftCounts, Release, ReleaseCell, ReportProgramme
from reporting.programmes import programme as programme_of
from reporting.rules import MoveRefused, check_move, check_order
from reporting.tables import Cell, Programme
from reporting.workflow import Status

ROWS = 2000
#: What the database says of a period that cannot be ordered, by the name of its constraint.
CLASHES: dict[str, Promise] = {
    "release_of_a_period_is_under_way_once": gettext_lazy(
        "The figures of this period are under way already."
    ),
    "release_overlaps_none_with_another": gettext_lazy(
        "There are figures over a part of these days already. Two periods that overlap would,"
        " side by side, tell of single persons. Choose a period that does not overlap."
    ),
}
Clock = Callable[[], datetime]


@transaction.atomic
def order_release(
    programme: ReportProgramme,
    *,
    period_from: date,
    period_to: date,
    source: UUID | None = None,
    by: Membership,
    at: datetime,
) -> Release:
    """Ask for the figures of a period; a worker computes them.

    Raises MoveRefused when they are under way already, or when the period overlaps another one.
    """
    check_order(by, programme)
    try:
        with transaction.atomic():
            release = Release.objects.create(
                programme=programme,
                period_from=period_from,
                period_to=period_to,
                source=source,
                moved_on=at,
                requested_at=at,
                requested_by=by.user,
            )
    except IntegrityError as error:
        words = next((words for name, words in CLASHES.items() if name in str(error)), None)
        if words is None:
            raise
        raise MoveRefused(words) from error
    record("release_ordered", on=release, by=by, at=at)
    wake(release.pk)
    return release


def wake(release: UUID) -> None:
    """Ask a worker, after the commit. If the broker is away, the sweep finds the release later."""
    transaction.on_commit(
        lambda: current_app.send_task(
            "reporting.tasks.compute", args=[str(release)], retry=False, ignore_result=True
        ),
        robust=True,
    )


def compute_release(pk: UUID, *, by: Membership, clock: Clock) -> Release:
    """Count, protect and keep; `by` is the statistics service. Ends as computed or refused."""
    release, draft = _counted(pk, by=by, at=clock())
    if release.status != Status.COMPUTING:
        return release
    programme, counts = opened(draft)
    try:
        protection = protect(
            programme,
            lattice_of(programme),
            counts,
            secret=secret_of(release),
            insiders=insiders_of(draft),
            previous=_published_before(release, by=by),
            progress=lambda stage, percent: _progress(pk, stage, percent, by=by, at=clock()),
        )
    except ReleaseRefused as refusal:
        return _refused(pk, str(refusal), by=by, at=clock())
    warnings = [cell.code for cell in uniform_groups(lattice_of(programme), counts)]
    return _computed(pk, programme, protection, warnings, by=by, at=clock())


def secret_of(release: Release) -> bytes:
    """The seed of the rounding, which nobody else can repeat.

    It belongs to the period and not to the release: two different roundings of the same counts
    would together tell more than either (0 and 5 leave only 1 to 4).
    """
    subject = (
        f"{release.programme_id} {release.period_from} {release.period_to} {release.source or ''}"
    )
    return hmac.digest(settings.INDEX_KEY, f"release {subject}".encode(), sha256)


@transaction.atomic
def _published_before(release: Release, *, by: Membership) -> dict[Cell, int]:
    """What readers have of the same period: kept wherever it is still near, after a correction."""
    earlier = Release.objects.visible_to(by).published_over_the_period_of(release).first()
    values = ReleaseCell.objects.visible_to(by).filter(release=earlier).values_by_code()
    return {Cell.parse(code): value for code, value in values.items()}


@transaction.atomic
def _counted(pk: UUID, *, by: Membership, at: datetime) -> tuple[Release, DraftCounts]:
    """The true counts, taken once; whoever comes again works with the same ones."""
    release = Release.objects.visible_to(by).select_for_update(of=["self"]).get(pk=pk)
    draft = DraftCounts.objects.select_related("key").filter(pk=pk).first()
    if draft is None:
        counted = count(release, by=by)
        programme = programme_of(release.programme_id, counted.patterns)
        counts, own = counted.in_lattice(programme), counted.own_cases(programme)
        draft = DraftCounts(release=release, key=new_data_key())
        payload = {
            "patterns": sorted(sorted(pattern) for pattern in counted.patterns),
            "counts": _coded(counts),
            "own": {reporter: _coded(cases) for reporter, cases in own.items()},
        }
        draft.sealed = seal(payload, key=draft.key, about=draft.about)
        draft.save(force_insert=True)
        release.snapshot_at = release.moved_on = at
        release.counting_rules = counted.rules
        release.save(update_fields=["snapshot_at", "moved_on", "counting_rules"])
        record("release_counted", on=release, by=by, at=at)
    return release, draft


def _coded(counts: Mapping[Cell, int]) -> dict[str, int]:
    return {cell.code: number for cell, number in counts.items()}


def _decoded(counts: Mapping[str, object]) -> dict[Cell, int]:
    return {Cell.parse(code): int(str(number)) for code, number in counts.items()}


def opened(draft: DraftCounts) -> tuple[Programme, Mapping[Cell, int]]:
    """The programme and the true counts, in clear, for the statistics service alone."""
    payload = unseal(bytes(draft.sealed), key=draft.key, about=draft.about)
    patterns, counts = payload["patterns"], payload["counts"]
    if not isinstance(patterns, list) or not isinstance(counts, dict):
        raise TypeError("the draft counts have another shape")
    programme = programme_of(draft.release.programme_id, frozenset(map(frozenset, patterns)))
    return programme, _decoded(counts)


def insiders_of(draft: DraftCounts) -> list[Attacker]:
    """The large reporters, who know their own part of every count."""
    own = unseal(bytes(draft.sealed), key=draft.key, about=draft.about)["own"]
    if not isinstance(own, dict):
        raise TypeError("the draft counts have another shape")
    return [Attacker(reporter, own=_decoded(cases)) for reporter, cases in own.items()]


@transaction.atomic
def _progress(pk: UUID, stage: str, percent: int, *, by: Membership, at: datetime) -> None:
    releases = Release.objects.visible_to(by).filter(pk=pk, status=Status.COMPUTING)
    releases.update(stage=stage, progress=percent, moved_on=at)


@transaction.atomic
def _refused(pk: UUID, reason: str, *, by: Membership, at: datetime) -> Release:
    release = Release.objects.visible_to(by).select_for_update(of=["self"]).get(pk=pk)
    if release.status == Status.COMPUTING:
        check_move(by, release, Status.REFUSED)
        release.status, release.refusal, release.moved_on = Status.REFUSED, reason[:500], at
        release.save(update_fields=["status", "refusal", "moved_on"])
        record("release_refused", on=release, by=by, at=at, result="refused")
        _tell(Kind.RELEASE_COMPUTED, release, at=at)
    return release


@transaction.atomic
def _computed(
    pk: UUID,
    programme: Programme,
    protection: Protection,
    warnings: list[str],
    *,
    by: Membership,
    at: datetime,
) -> Release:
    release = (
        Release.objects.visible_to(by)
        .select_related("programme")
        .select_for_update(of=["self"])
        .get(pk=pk)
    )
    if release.status != Status.COMPUTING:
        return release
    check_move(by, release, Status.COMPUTED)
    ReleaseCell.objects.bulk_create(
        [
            ReleaseCell(release=release, code=cell.code, value=value)
            for cell, value in sorted(protection.values.items(), key=lambda item: item[0].code)
        ],
        batch_size=ROWS,
    )
    files = render_release(release, programme, protection.values)
    Artefact.objects.bulk_create(
        [
            Artefact(
                release=release,
                name=file.name,
                media_type=file.media_type,
                content=file.content,
                sha256=sha256(file.content).hexdigest(),
            )
            for file in files
        ]
    )
    release.status, release.computed_at, release.moved_on = Status.COMPUTED, at, at
    release.stage, release.progress, release.warnings = "", 100, warnings
    release.least_possible = protection.least_possible
    release.sha256 = manifest(protection.values, files)
    release.save()
    record("release_computed", on=release, by=by, at=at)
    _tell(Kind.RELEASE_COMPUTED, release, at=at)
    return release


def _tell(kind: Kind, release: Release, *, at: datetime) -> None:
    for organisation in Organisation.objects.of_type(OrganisationType.RAPPORTEUR):
        post(kind, to=organisation, role=Role.NRM_ANALYST, on=release, at=at)


@transaction.atomic
def silent_releases(*, by: Membership, before: datetime) -> list[UUID]:
    """Those without a sign of life since `before`: to be taken up again."""
    found = Release.objects.visible_to(by).silent_since(before)
    return list(found.values_list("pk", flat=True))
