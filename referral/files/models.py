"""A file that is kept, and its sealed pieces: what the tables of every room have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referral.access.models import DataKey
from referral.access.secrets import seal, unseal
from referral.files.workflow import UNDER_WAY, Kind, Part, Reason, Removal, Status
from referral.lib.ids import uuid7
from referral.organisations.models import User

LARGEST = 30_000_000


def known_status(values: Sequence[str]) -> models.CheckConstraint:
    """A room whose files have more statuses than these says which."""
    return models.CheckConstraint(name="%(class)s_status_is_known", condition=Q(status__in=values))


class KeptFile(models.Model):
    """A file under the key of what it belongs to.

    Its name is sealed too: people name files after persons.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    name = models.BinaryField()
    kind = models.CharField(_("kind"), max_length=4, choices=Kind)
    size = models.PositiveIntegerField(_("size"))
    received = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=12, choices=Status, default=Status.UPLOADING)
    reason = models.CharField(max_length=16, choices=Reason, blank=True, default="")
    #: Of the original, from the moment that it was read whole.
    sha256 = models.BinaryField(null=True, blank=True)
    rebuilt_size = models.PositiveIntegerField(null=True, blank=True)
    removed = ArrayField(models.CharField(max_length=8, choices=Removal), default=list, blank=True)
    #: Whether a scanner looked at it as well; without one the making anew decides.
    scanned = models.BooleanField(default=False)
    scanner_missed = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    #: No longer under way.
    settled_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    #: While it is uploaded: the last sign of life. In quarantine: when a worker takes it up.
    next_attempt_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any]

    class Meta:
        abstract = True
        constraints = [
            known_status(Status.values),
            models.CheckConstraint(
                name="%(class)s_is_of_a_kind_that_is_taken_in", condition=Q(kind__in=Kind.values)
            ),
            models.CheckConstraint(
                name="%(class)s_is_not_empty_nor_too_large",
                condition=Q(size__gt=0, size__lte=LARGEST),
            ),
            models.CheckConstraint(
                name="%(class)s_receives_no_more_than_its_size",
                condition=Q(received__lte=F("size")),
            ),
            models.CheckConstraint(
                name="%(class)s_leaves_the_upload_whole",
                condition=Q(status__in=[Status.UPLOADING, Status.REFUSED]) | Q(received=F("size")),
            ),
            models.CheckConstraint(
                name="%(class)s_that_is_refused_says_why",
                condition=Q(status=Status.REFUSED, reason__in=Reason.values)
                | Q(~Q(status=Status.REFUSED), reason=""),
            ),
            models.CheckConstraint(
                name="%(class)s_that_is_ready_was_read_and_made_anew",
                condition=~Q(status=Status.READY)
                | Q(sha256__isnull=False, rebuilt_size__isnull=False),
            ),
            models.CheckConstraint(
                name="%(class)s_is_settled_or_under_way",
                condition=Q(status__in=UNDER_WAY, settled_at=None)
                | Q(~Q(status__in=UNDER_WAY), settled_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(status__in=UNDER_WAY),
                name="%(class)s_under_way",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def under_way(self) -> bool:
        return self.status in UNDER_WAY

    @property
    def percent(self) -> int:
        return self.received * 100 // self.size

    @property
    def sha256_hex(self) -> str:
        return bytes(self.sha256 or b"").hex()

    @property
    def removed_labels(self) -> list[str]:
        return [str(Removal(one).label) for one in self.removed]

    def seal_name(self, name: str, *, key: DataKey) -> None:
        self.name = seal({"name": name}, key=key, about=self._about)

    def opened_name(self, *, key: DataKey) -> str:
        """Raises `crypto.Unreadable` when the key or the row is another."""
        return str(unseal(bytes(self.name), key=key, about=self._about)["name"])

    @property
    def _about(self) -> str:
        return f"{self._meta.db_table}|{self.pk}|1"

    def about_piece(self, part: Part, offset: int) -> str:
        """What the seal of a piece says: of which file it is, and where it begins."""
        return f"{self._meta.app_label}_piece|{self.pk}|{part.value}|{offset}|1"


class FilePiece(models.Model):
    """A sealed piece of a file, known by where it begins in the file.

    A room adds the key to its file, names it in `OF`, and the two sentences: a piece is of a
    known part (`KNOWN_PART`), and is kept once.
    """

    OF: ClassVar[str]
    KNOWN_PART: ClassVar[Q] = Q(part__in=Part.values)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    part = models.CharField(max_length=8, choices=Part)
    offset = models.PositiveIntegerField()
    sealed = models.BinaryField()

    objects: ClassVar[Any]

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{getattr(self, f'{self.OF}_id')} {self.part} {self.offset}"
