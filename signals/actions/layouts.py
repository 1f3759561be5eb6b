"""The only writer of mappings: what the columns of files mean, in versions that are never edited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from referral.audit.actions import record
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from signals.models import LayoutMapping
from signals.rules import Draft, LayoutRefused, draft_refusals, read_layout

LONGEST_REASON = 200


@transaction.atomic
def keep_mapping(content: str, *, reason: str, by: Membership, at: datetime) -> LayoutMapping:
    """Keep a mapping as the next version of its layout; from now on files are read by it.

    Imports that are under way go on with the version that they began with.
    """
    _check_imports(by)
    # What a file or a form adds at the end of a text says nothing.
    content = content.replace("\r\n", "\n").strip() + "\n"
    layout = read_layout(content)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise LayoutRefused(_("Write down why this version comes, in at most 200 characters."))
    _one_at_a_time()
    versions = list(LayoutMapping.objects.visible_to(by).filter(code=layout.code).newest_first())
    following = versions[0].version + 1 if versions else 1
    if layout.version != following:
        raise LayoutRefused(
            _("version: the next version of “%(code)s” is %(next)s.")
            % {"code": layout.code, "next": following}
        )
    if versions and not versions[0].ended:
        _close(versions[0], at=at)
    kept = LayoutMapping.objects.create(
        code=layout.code,
        version=layout.version,
        label=layout.label,
        content=content,
        reason=reason.strip(),
        valid=DateTimeTZRange(at, None),
    )
    record("mapping_kept", on=kept, by=by, at=at, details={"mapping": str(kept)})
    return kept


@transaction.atomic
def end_mapping(mapping: LayoutMapping, *, by: Membership, at: datetime) -> LayoutMapping:
    """No file comes in by this layout any more, until a next version is kept."""
    _check_imports(by)
    _one_at_a_time()
    found = LayoutMapping.objects.visible_to(by).get(pk=mapping.pk)
    if found.ended:
        raise LayoutRefused(_("This version has ended already."))
    _close(found, at=at)
    record("mapping_ended", on=found, by=by, at=at, details={"mapping": str(found)})
    return found


@transaction.atomic
def mappings_in_force(*, by: Membership, at: datetime) -> list[LayoutMapping]:
    """By which files can come in now, one for each layout."""
    found = LayoutMapping.objects.visible_to(by).in_force_at(at)
    return list(found.order_by("label", "code"))


@transaction.atomic
def mapping_in_force(code: str, *, by: Membership, at: datetime) -> LayoutMapping:
    """The version by which a file of this layout is read now."""
    found = LayoutMapping.objects.visible_to(by).in_force_at(at).filter(code=code).first()
    if found is None:
        raise LayoutRefused(_("There is no mapping “%s” in force.") % code)
    return found


@transaction.atomic
def open_mapping(mapping: LayoutMapping, *, by: Membership, at: datetime) -> str:
    """The text of a version, to download; the look is recorded."""
    record("mapping_opened", on=mapping, by=by, at=at)
    return mapping.content


@transaction.atomic
def try_mapping(
    drafts: Sequence[Draft], *, code: str, by: Membership, at: datetime
) -> dict[int, str]:
    """Why drafts of an example file would be refused, by their place; nothing of them is kept.

    The look at the example is recorded.
    """
    _check_imports(by)
    refusals = draft_refusals(drafts, [at] * len(drafts))
    record("mapping_tried", by=by, at=at, details={"mapping": code, "rows": len(drafts)})
    return {index: " ".join(errors.values()) for index, errors in refusals.items()}


def _check_imports(by: Membership) -> None:
    if not by.may(Permission.SIGNAL_IMPORT):
        raise PermissionDenied(_("Your role does not import signals."))


def _one_at_a_time() -> None:
    """Of two new versions at the same moment the second finds the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('mapping of files'))")


def _close(mapping: LayoutMapping, *, at: datetime) -> None:
    mapping.valid = DateTimeTZRange(mapping.valid.lower, at)
    mapping.save(update_fields=["valid"])
