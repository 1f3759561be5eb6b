from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from referral.lib.ids import uuid7
from referral.organisations.models import User
from shelters.matching.querysets import MatchLineQuerySet, MatchProposalQuerySet
from shelters.matching.workflow import LineStatus, ProposalStatus
from shelters.models import Bed, PlacementRequest


class MatchProposal(models.Model):
    """Everybody who waits, over all free beds at once (plaatsingsvoorstel).

    The desk writes down the question; the worker computes with it and reads nothing else. Once
    computed, the question is wiped: what stays is one line for each request.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    status = models.CharField(
        _("status"), max_length=10, choices=ProposalStatus, default=ProposalStatus.COMPUTING
    )
    question = models.JSONField(default=dict, blank=True)
    progress = models.PositiveSmallIntegerField(default=0)
    people = models.PositiveIntegerField()
    places = models.PositiveIntegerField()
    ordered_at = models.DateTimeField()
    ordered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    computed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[MatchProposalQuerySet] = MatchProposalQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("proposal of places")
        constraints = [
            models.CheckConstraint(
                name="match_proposal_is_ready_at_a_time_without_its_question",
                condition=Q(status=ProposalStatus.COMPUTING, computed_at=None)
                | Q(status=ProposalStatus.READY, computed_at__isnull=False, question={}),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def get_absolute_url(self) -> str:
        return reverse("shelters:matching:proposal", args=[self.pk])


class MatchLine(models.Model):
    """One request in a proposal: a bed with reasons, or why there is none (voorstelregel)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    proposal = models.ForeignKey(MatchProposal, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    request = models.ForeignKey(PlacementRequest, models.PROTECT, related_name="match_lines")
    bed = models.ForeignKey(Bed, models.PROTECT, null=True, blank=True, related_name="+")
    #: Code, side and detail of each reason; the words are made for who reads.
    reasons = models.JSONField(default=list, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=LineStatus, default=LineStatus.OPEN
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[MatchLineQuerySet] = MatchLineQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "request"], name="proposal_names_a_request_once"
            ),
            models.UniqueConstraint(fields=["proposal", "bed"], name="proposal_gives_a_bed_once"),
            models.CheckConstraint(
                name="match_line_is_decided_at_a_time_by_somebody",
                condition=Q(status=LineStatus.OPEN, decided_at=None, decided_by=None)
                | Q(
                    status__in=(LineStatus.ACCEPTED, LineStatus.DECLINED),
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="match_line_without_a_bed_is_not_decided",
                condition=Q(bed__isnull=False) | Q(status=LineStatus.OPEN),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
