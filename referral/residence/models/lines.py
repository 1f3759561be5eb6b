"""The three lines of a file. Each row is moved along its table, and its moves are kept as steps."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from referral.organisations.models import User
from referral.residence.models.codes import (
    REFLECTION_TERMS,
    ContinuedGround,
    EndReason,
    Ground,
    NonPunishment,
    NoReport,
    OfferGround,
    TermCode,
)
from referral.residence.models.file import ResidenceFile
from referral.residence.querysets import (
    PoliceReportQuerySet,
    PoliceSideQuerySet,
    ReflectionQuerySet,
    TrackQuerySet,
)
from referral.residence.workflow import ReflectionStatus, ReportStatus, TrackStatus

BEGUN = (ReflectionStatus.RUNNING, ReflectionStatus.EXPIRED)


class Kept(models.Model):
    """Who moved a line last, and when."""

    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Reflection(Kept):
    """Time to recover and to decide, without being sent away (bedenktijd).

    Its ground is art. 8(k) Vw; its rules stand in B8/3.1 Vc.
    """

    file = models.OneToOneField(
        ResidenceFile, models.PROTECT, primary_key=True, related_name="reflection"
    )
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=ReflectionStatus,
        default=ReflectionStatus.NOT_OFFERED,
    )
    ground = models.CharField(max_length=16, choices=OfferGround, blank=True, default="")
    offered_on = models.DateField(null=True, blank=True)
    declined_on = models.DateField(null=True, blank=True)
    granted_on = models.DateField(null=True, blank=True)
    term = models.CharField(max_length=20, choices=TermCode, blank=True, default="")
    term_months = models.PositiveSmallIntegerField(null=True, blank=True)
    term_days = models.PositiveSmallIntegerField(null=True, blank=True)
    #: The day on form M55; the last day follows from it and is never chosen.
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    #: The immigration service suspends the departure as long as the period runs.
    suspended_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=16, choices=EndReason, blank=True, default="")

    objects: ClassVar[ReflectionQuerySet] = ReflectionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("reflection period")
        verbose_name_plural = _("reflection periods")
        constraints = [
            models.CheckConstraint(
                name="reflection_status_is_known", condition=Q(status__in=ReflectionStatus.values)
            ),
            models.CheckConstraint(
                name="reflection_that_was_offered_has_a_day_and_a_ground",
                condition=Q(status=ReflectionStatus.NOT_OFFERED, offered_on=None, ground="")
                | Q(
                    ~Q(status=ReflectionStatus.NOT_OFFERED),
                    offered_on__isnull=False,
                    ground__in=OfferGround.values,
                ),
            ),
            models.CheckConstraint(
                name="reflection_that_began_has_a_term_of_the_law",
                condition=Q(starts_on=None, ends_on=None)
                | Q(
                    starts_on__isnull=False,
                    ends_on__isnull=False,
                    granted_on__isnull=False,
                    term__in=REFLECTION_TERMS,
                    term_months__isnull=False,
                    term_days__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="reflection_that_runs_has_begun",
                condition=~Q(status__in=BEGUN) | Q(starts_on__isnull=False),
            ),
            models.CheckConstraint(
                name="reflection_ends_its_term_after_it_began_and_is_not_extended",
                condition=Q(starts_on=None)
                | Q(
                    Exact(
                        F("ends_on"),
                        Func(
                            F("starts_on"),
                            F("term_months"),
                            F("term_days"),
                            function="baken.end_of_term",
                            output_field=models.DateField(),
                        ),
                    )
                ),
            ),
            models.CheckConstraint(
                name="reflection_that_ended_has_a_day_and_a_reason",
                condition=Q(
                    status=ReflectionStatus.ENDED,
                    ended_on__isnull=False,
                    end_reason__in=EndReason.values,
                )
                | Q(status=ReflectionStatus.EXPIRED, ended_on=F("ends_on"), end_reason="")
                | Q(
                    ~Q(status__in=[ReflectionStatus.ENDED, ReflectionStatus.EXPIRED]),
                    ended_on=None,
                    end_reason="",
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["ends_on"],
                name="reflections_running_by_end",
                condition=Q(status=ReflectionStatus.RUNNING),
            ),
        ]

    def __str__(self) -> str:
        return f"Reflection period of {self.file_id}"


class Track(Kept):
    """What the immigration service decides about the stay (verblijfstraject).

    Its rules stand in B8/3 Vc and Vb 3.48 and 3.51.
    """

    file = models.OneToOneField(
        ResidenceFile, models.PROTECT, primary_key=True, related_name="track"
    )
    status = models.CharField(
        _("status"), max_length=20, choices=TrackStatus, default=TrackStatus.NONE
    )
    m55_sent_on = models.DateField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    ground = models.CharField(max_length=1, choices=Ground, blank=True, default="")
    #: For ground d: a statement of the police, and evidence of a doctor, psychologist or minority.
    statement_seen = models.BooleanField(default=False)
    permit_from = models.DateField(null=True, blank=True)
    permit_to = models.DateField(null=True, blank=True)
    continued_ground = models.CharField(
        max_length=16, choices=ContinuedGround, blank=True, default=""
    )
    #: Since when the criminal case on which the permit leans is withdrawn, dismissed or judged.
    ground_fell_on = models.DateField(null=True, blank=True)

    objects: ClassVar[TrackQuerySet] = TrackQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("residence track")
        verbose_name_plural = _("residence tracks")
        constraints = [
            models.CheckConstraint(
                name="residence_status_is_known", condition=Q(status__in=TrackStatus.values)
            ),
            models.CheckConstraint(
                name="residence_applied_for_has_the_day_of_form_m55",
                condition=Q(
                    status__in=[
                        TrackStatus.NONE,
                        TrackStatus.REFLECTION,
                        TrackStatus.ASYLUM,
                        TrackStatus.DEPARTED,
                    ]
                )
                | Q(m55_sent_on__isnull=False),
            ),
            models.CheckConstraint(
                name="permit_has_a_ground_and_a_period",
                condition=~Q(status__in=[TrackStatus.GRANTED, TrackStatus.RENEWAL])
                | Q(
                    ground__in=Ground.values,
                    decided_on__isnull=False,
                    permit_from__isnull=False,
                    permit_to__gt=F("permit_from"),
                ),
            ),
            models.CheckConstraint(
                name="permit_on_ground_d_follows_a_statement",
                condition=~Q(ground=Ground.D) | Q(statement_seen=True),
            ),
            models.CheckConstraint(
                name="continued_stay_has_a_ground_and_a_day",
                condition=~Q(status=TrackStatus.CONTINUED_GRANTED)
                | Q(continued_ground__in=ContinuedGround.values, decided_on__isnull=False),
            ),
            models.CheckConstraint(
                name="no_to_residence_has_a_day",
                condition=~Q(status__in=[TrackStatus.REJECTED, TrackStatus.REVOKED])
                | Q(decided_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Residence track of {self.file_id}"


class PoliceReport(Kept):
    """Whether and when was reported to the police, and how far it is: no content (aangifte)."""

    file = models.OneToOneField(
        ResidenceFile, models.PROTECT, primary_key=True, related_name="report"
    )
    status = models.CharField(
        _("status"), max_length=20, choices=ReportStatus, default=ReportStatus.NOT_DISCUSSED
    )
    talk_on = models.DateField(null=True, blank=True)
    reported_on = models.DateField(null=True, blank=True)
    #: On which day the last step was, for example a dismissal; and when the person heard of it.
    status_on = models.DateField(null=True, blank=True)
    informed_on = models.DateField(null=True, blank=True)

    objects: ClassVar[PoliceReportQuerySet] = PoliceReportQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("police report")
        verbose_name_plural = _("police reports")
        constraints = [
            models.CheckConstraint(
                name="police_report_status_is_known", condition=Q(status__in=ReportStatus.values)
            ),
            models.CheckConstraint(
                name="police_report_that_moved_has_a_day",
                condition=Q(status=ReportStatus.NOT_DISCUSSED) | Q(status_on__isnull=False),
            ),
            models.CheckConstraint(
                name="police_report_that_was_made_has_its_day",
                condition=~Q(status__in=[ReportStatus.REPORTED, ReportStatus.WITHDRAWN])
                | Q(reported_on__isnull=False),
            ),
            models.CheckConstraint(
                name="informative_talk_that_is_planned_or_held_has_its_day",
                condition=~Q(status__in=[ReportStatus.TALK_PLANNED, ReportStatus.TALK_DONE])
                | Q(talk_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Police report of {self.file_id}"


class PoliceSide(Kept):
    """What the service alone keeps of a report: codes, read by nobody else (politiedeel)."""

    file = models.OneToOneField(
        ResidenceFile, models.PROTECT, primary_key=True, related_name="police_side"
    )
    no_report = models.CharField(max_length=16, choices=NoReport, blank=True, default="")
    non_punishment = models.CharField(
        max_length=16, choices=NonPunishment, blank=True, default=NonPunishment.NOT_ASKED
    )

    objects: ClassVar[PoliceSideQuerySet] = PoliceSideQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="reason_for_not_reporting_is_known",
                condition=Q(no_report__in=["", *NoReport.values]),
            ),
            models.CheckConstraint(
                name="answer_on_non_punishment_is_known",
                condition=Q(non_punishment__in=NonPunishment.values),
            ),
        ]

    def __str__(self) -> str:
        return f"Police side of {self.file_id}"
