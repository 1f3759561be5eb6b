"""Reads of attachments; the policies of migration 0001 say the same to the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import Q

from referral.files.querysets import FilePieceQuerySet, KeptFileQuerySet
from referral.files.workflow import UNDER_WAY, Part, Status
from referral.organisations.permissions import Permission
from signals.querysets.signal import readable_by
from signals.workflow import Status as SignalStatus

if TYPE_CHECKING:
    from uuid import UUID

    from referral.organisations.models import Membership
    from signals.attachments.models import Attachment, AttachmentPiece
    from signals.models import Signal


class AttachmentQuerySet(KeptFileQuerySet["Attachment"]):
    def visible_to(self, member: Membership) -> Self:
        """With the signal itself; the sweeper, who makes files anew, sees the rows of all."""
        if member.may(Permission.DEADLINE_SWEEP):
            return self.all()
        signals = self.model._meta.get_field("signal").related_model._default_manager
        return self.filter(signal__in=signals.filter(readable_by(member)))

    def sent_by(self, member: Membership) -> Self:
        """As long as the signal is open: an upload does not go on into one that is closed."""
        return super().sent_by(member).exclude(signal__status=SignalStatus.CLOSED)

    def of(self, signal: Signal | UUID) -> Self:
        return self.filter(signal=signal)


class AttachmentPieceQuerySet(FilePieceQuerySet["AttachmentPiece"]):
    def visible_to(self, member: Membership) -> Self:
        """Of a file that is ready what was made anew, with the signal; the original for who
        opens evidence. Of what is under way everything, for the sweeper alone.
        """
        files = apps.get_model("attachments", "Attachment").objects.all()
        seen = files.visible_to(member)
        if member.may(Permission.DEADLINE_SWEEP):
            return self.filter(attachment__in=seen.filter(status__in=UNDER_WAY))
        parts = Q(part=Part.REBUILT)
        if member.may(Permission.SIGNAL_EVIDENCE):
            parts |= Q(part=Part.ORIGINAL)
        return self.filter(parts, attachment__in=seen.filter(status=Status.READY))
