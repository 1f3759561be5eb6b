"""A meeting: who is invited, what stands on its agenda, and the papers of each participant."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Deferrable, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from referral.access.models import DataKey
from referral.lib.ids import uuid7
from referral.organisations.models import Membership, User
from signals.deliberation.querysets import (
    AgendaItemQuerySet,
    MeetingQuerySet,
    PackContentQuerySet,
    PackQuerySet,
    ParticipantQuerySet,
    ProposalQuerySet,
)
from signals.deliberation.workflow import (
    OPEN_PROPOSALS,
    MeetingStatus,
    PackStatus,
    ProposalStatus,
    Section,
)
from signals.models import Signal


class Meeting(models.Model):
    """A monthly deliberation under the national public prosecutor (overleg).

    What is written of it lies sealed under its own key, in `Minutes` and `Addendum`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    held_on = models.DateField(_("date"))
    chair = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, choices=MeetingStatus, default=MeetingStatus.PLANNED)
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[MeetingQuerySet] = MeetingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="meeting_status_is_known", condition=Q(status__in=MeetingStatus.values)
            ),
            models.CheckConstraint(
                name="meeting_that_is_locked_has_time_and_name",
                condition=Q(
                    status=MeetingStatus.LOCKED, locked_at__isnull=False, locked_by__isnull=False
                )
                | Q(~Q(status=MeetingStatus.LOCKED), locked_at=None, locked_by=None),
            ),
            models.UniqueConstraint(
                name="there_is_one_meeting_on_a_day",
                fields=["held_on"],
                condition=~Q(status=MeetingStatus.CANCELLED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.held_on:%d-%m-%Y}"

    def get_absolute_url(self) -> str:
        return reverse("signals:deliberation:meeting", args=[self.pk])


class Participant(models.Model):
    """Somebody who is invited to a meeting, and what they may see there (deelnemer).

    The signals of their own organisation they see in full, those of others in these sections.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="participants")
    member = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    sections = ArrayField(models.CharField(max_length=12, choices=Section), default=list)
    invited_at = models.DateTimeField()
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    #: Unknown until the meeting is held.
    present = models.BooleanField(null=True, blank=True)

    objects: ClassVar[ParticipantQuerySet] = ParticipantQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="participant_sees_known_sections",
                condition=Q(sections__contained_by=Section.values),
            ),
            models.UniqueConstraint(
                name="participant_is_invited_once_to_a_meeting", fields=["meeting", "member"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member.user}, {self.member.organisation}"

    @property
    def section_labels(self) -> list[str]:
        return [str(Section(section).label) for section in self.sections]


class Proposal(models.Model):
    """An analyst asks the meeting something about a signal (voorstel voor het overleg)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    signal = models.ForeignKey(Signal, models.PROTECT, related_name="+")
    #: Of the signal, for the chair, who does not read the signal itself.
    reference = models.CharField(max_length=20)
    #: The key of the signal: with its words those of the question are gone.
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    question = models.BinaryField()
    urgent = models.BooleanField(default=False)
    status = models.CharField(max_length=12, choices=ProposalStatus, default=ProposalStatus.WAITING)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[ProposalQuerySet] = ProposalQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="proposal_status_is_known", condition=Q(status__in=ProposalStatus.values)
            ),
            models.UniqueConstraint(
                name="signal_is_proposed_once_at_a_time",
                fields=["signal"],
                condition=Q(status__in=OPEN_PROPOSALS),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("signals:deliberation:list")


class AgendaItem(models.Model):
    """A signal on the agenda of one meeting (agendapunt); not reached, it comes again in another."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField(_("number"))

    objects: ClassVar[AgendaItemQuerySet] = AgendaItemQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(name="agenda_counts_from_one", condition=Q(position__gt=0)),
            models.UniqueConstraint(
                name="agenda_has_one_point_at_a_position",
                fields=["meeting", "position"],
                deferrable=Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                name="signal_stands_once_on_an_agenda", fields=["meeting", "proposal"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.proposal}"


class Pack(models.Model):
    """That a participant's papers are ordered, ready or closed (vergaderstuk)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    participant = models.OneToOneField(Participant, models.PROTECT, related_name="pack")
    status = models.CharField(max_length=8, choices=PackStatus, default=PackStatus.ORDERED)
    ordered_at = models.DateTimeField()
    ordered_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")

    objects: ClassVar[PackQuerySet] = PackQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="pack_status_is_known", condition=Q(status__in=PackStatus.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id}: {self.status}"

    def get_absolute_url(self) -> str:
        return reverse("signals:deliberation:pack", args=[self.pk])


class PackContent(models.Model):
    """The papers of one participant, as a page and as a PDF (inhoud van een vergaderstuk).

    Sealed under a key of their own; removed by the database as soon as the pack is closed.
    """

    pack = models.OneToOneField(Pack, models.PROTECT, primary_key=True, related_name="content")
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    pdf = models.BinaryField()

    objects: ClassVar[PackContentQuerySet] = PackContentQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return str(self.pack_id)
