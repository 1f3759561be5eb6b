"""What somebody typed in a form about a case, and did not send yet."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from referral.access.models import DataKey
from referral.access.secrets import seal, unseal
from referral.cases.models import Case
from referral.cases.unsent.querysets import UnsentFormQuerySet
from referral.lib.ids import uuid7
from referral.lib.typed import Typed
from referral.organisations.models import Organisation, User


class Kind(models.TextChoices):
    """Which form it is."""

    NOTE = "note", _("Care note")
    GOAL = "goal", _("Goal")
    EVALUATION = "evaluation", _("Evaluation of a goal")
    RISK = "risk", _("Risk assessment")
    TASK = "task", _("Task")
    HANDOFF = "handoff", _("Handoff")
    REFERRAL = "referral", _("Referral")
    TABLE = "table", _("Case table")


#: Where each form is: the address takes the record that it is about. A note is written on the file.
PAGES = {
    Kind.NOTE: "cases:case",
    Kind.GOAL: "cases:planning:add_goal",
    Kind.EVALUATION: "cases:planning:evaluate_goal",
    Kind.RISK: "cases:planning:assess_risk",
    Kind.TASK: "cases:planning:add_task",
    Kind.HANDOFF: "cases:offer_handoff",
    Kind.REFERRAL: "cases:referrals:offer",
    Kind.TABLE: "cases:tables:call",
}


def page_of(kind: str, about: UUID | str) -> str:
    """Where the form goes on with what was kept."""
    return reverse(PAGES[Kind(kind)], args=[about])


class UnsentForm(models.Model):
    """A long form of care that was begun (concept): its author's alone.

    One for each author, form and record; it goes when the form is sent, when the case goes to
    somebody else or closes, and after its term.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    #: The record that the address of the form names: the case itself, or one of its goals.
    about = models.UUIDField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    #: Grows with each time that it is kept, so that of two windows none overwrites the other.
    version = models.PositiveIntegerField(default=1)
    sealed = models.BinaryField()
    kept_at = models.DateTimeField()
    kept_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[UnsentFormQuerySet] = UnsentFormQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("form that was not sent")
        verbose_name_plural = _("forms that were not sent")
        constraints = [
            models.UniqueConstraint(
                name="form_is_kept_once_for_each_author",
                fields=["kept_by", "organisation", "kind", "about"],
            ),
            models.CheckConstraint(
                name="form_that_is_kept_is_of_a_known_kind",
                condition=Q(kind__in=Kind.values),
            ),
        ]
        indexes = [models.Index(fields=["kept_at"], name="unsent_by_age")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def seal_answers(self, answers: Typed, *, key: DataKey) -> None:
        self.sealed = seal({"answers": dict(answers)}, key=key, about=self._about)

    def opened_answers(self, *, key: DataKey) -> dict[str, list[str]]:
        """What was typed. Raises `crypto.Unreadable` when the key or the row is another."""
        answers = unseal(bytes(self.sealed), key=key, about=self._about)["answers"]
        return dict(answers) if isinstance(answers, dict) else {}

    @property
    def _about(self) -> str:
        return f"unsent_unsentform|{self.pk}|1"
