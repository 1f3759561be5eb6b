"""What the buttons of a file say: one verb for each move."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from referral.organisations.models import Membership
from referral.residence.actions import OpenedFile
from referral.residence.rules import moves_of
from referral.residence.workflow import Line, ReflectionStatus, ReportStatus, TrackStatus

_R, _T, _A = ReflectionStatus, TrackStatus, ReportStatus
LABELS: dict[tuple[Line, str], str | Promise] = {
    (Line.REFLECTION, _R.OFFERED): _("Offer the reflection period"),
    (Line.REFLECTION, _R.DECLINED): _("The person declines"),
    (Line.REFLECTION, _R.GRANTED): _("The person takes the period"),
    (Line.REFLECTION, _R.RUNNING): _("Begin the period by form M55"),
    (Line.REFLECTION, _R.ENDED): _("End the period"),
    (Line.TRACK, _T.APPLIED): _("Send form M55 to the immigration service"),
    (Line.TRACK, _T.GRANTED): _("Grant a permit"),
    (Line.TRACK, _T.REJECTED): _("Reject"),
    (Line.TRACK, _T.RENEWAL): _("Renewal was applied for"),
    (Line.TRACK, _T.REVOKED): _("Revoke the permit"),
    (Line.TRACK, _T.OBJECTION): _("An objection was lodged"),
    (Line.TRACK, _T.CONTINUED_APPLIED): _("Continued stay was applied for"),
    (Line.TRACK, _T.CONTINUED_GRANTED): _("Grant continued stay"),
    (Line.TRACK, _T.ASYLUM): _("The person applied for asylum"),
    (Line.TRACK, _T.DEPARTED): _("The person left the Netherlands"),
    (Line.REPORT, _A.TALK_PLANNED): _("Plan an informative talk"),
    (Line.REPORT, _A.TALK_DONE): _("The informative talk was held"),
    (Line.REPORT, _A.CONSIDERING): _("The person thinks about it"),
    (Line.REPORT, _A.REPORTED): _("The person reported"),
    (Line.REPORT, _A.EX_OFFICIO): _("Investigate without a report"),
    (Line.REPORT, _A.NOT_REPORTED): _("The person does not report"),
    (Line.REPORT, _A.WITHDRAWN): _("The report was withdrawn"),
    (Line.REPORT, _A.INVESTIGATION): _("The investigation goes on"),
    (Line.REPORT, _A.DISMISSED): _("The prosecutor dismissed the case"),
    (Line.REPORT, _A.PROSECUTED): _("The prosecutor goes to court"),
    (Line.REPORT, _A.JUDGED_FIRST): _("The court judged"),
    (Line.REPORT, _A.APPEAL): _("An appeal was lodged"),
    (Line.REPORT, _A.FINAL): _("The judgement is final"),
}


@dataclass(frozen=True, slots=True)
class Button:
    """A deed that this member can do now."""

    label: str | Promise
    url: str


#: NONE to REFLECTION follows from the beginning of the period and is no deed of its own.
FOLLOWS = {(Line.TRACK, TrackStatus.REFLECTION)}


def buttons(opened: OpenedFile, member: Membership) -> dict[str, list[Button]]:
    """By line what this member may do; a permit that was never given is not revoked."""
    no_permit = opened.track.permit_from is None
    rows = {
        Line.REFLECTION: opened.reflection,
        Line.TRACK: opened.track,
        Line.REPORT: opened.report,
    }
    return {
        line.value: [
            Button(LABELS[line, to], reverse("residence:move", args=[opened.file.pk, line, to]))
            for to in moves_of(member, opened.file, line, row.status)
            if (line, to) not in FOLLOWS and not (to == TrackStatus.REVOKED and no_permit)
        ]
        if row is not None
        else []
        for line, row in rows.items()
    }
