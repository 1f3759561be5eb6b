"""Reads of files; who sees which is said by the room that keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models

from referral.files.workflow import Part, Status

if TYPE_CHECKING:
    from datetime import datetime

    from referral.files.models import FilePiece, KeptFile
    from referral.organisations.models import Membership

F = TypeVar("F", bound="KeptFile")
P = TypeVar("P", bound="FilePiece")


class KeptFileQuerySet(models.QuerySet[F]):
    """What may follow on the `visible_to` of a room."""

    def visible_to(self, member: Membership) -> Self:  # noqa: ARG002 -- the rooms ask who it is
        """Nobody, until a room says who, and its policies the same to the database."""
        return self.none()

    def sent_by(self, member: Membership) -> Self:
        """What this member sends; a room says where nothing more is taken in."""
        return self.filter(created_by=member.user_id)

    def ready(self) -> Self:
        return self.filter(status=Status.READY)

    def waiting(self, at: datetime) -> Self:
        """In quarantine, and no worker has it: the oldest first."""
        waiting = self.filter(status=Status.QUARANTINED, next_attempt_at__lte=at)
        return waiting.order_by("next_attempt_at", "pk")

    def unfinished_since(self, moment: datetime) -> Self:
        return self.filter(status=Status.UPLOADING, next_attempt_at__lt=moment)

    def oldest_first(self) -> Self:
        return self.order_by("created_at", "pk")


class FilePieceQuerySet(models.QuerySet[P]):
    """The sealed pieces of a file, in order."""

    def visible_to(self, member: Membership) -> Self:  # noqa: ARG002 -- the rooms ask who it is
        """Nobody, until a room says who, and its policies the same to the database."""
        return self.none()

    def of(self, file: KeptFile, part: Part | None = None) -> Self:
        """All pieces of a file, or those of one part."""
        found = self.filter(**{self.model.OF: file})
        return (found.filter(part=part) if part else found).order_by("part", "offset")
