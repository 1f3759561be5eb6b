"""The reflection period, the residence track and the police report, each as one table.

A move that is not listed does not exist. The trigger `residence_moves_along_its_table` of migration
0001 says the same; tests/residence/test_workflow.py walks both over every pair and side.

Sources: art. 8(k) Vw and B8/3.1 Vc (reflection period, WBV 2023/11); Vb 3.48 and 3.51 and B8/3 Vc
(permit, continued stay); Aanwijzing mensenhandel 2022A002 (report, official investigation).
"""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Line(models.TextChoices):
    """Which of the three something is about."""

    REFLECTION = "reflection", _("Reflection period")
    TRACK = "track", _("Residence")
    REPORT = "report", _("Police report")


class Side(StrEnum):
    """Whose move it is."""

    POLICE = "police"  # the service that found the person and has the file
    IMMIGRATION = "immigration"  # the immigration service to which the file was sent
    CLOCK = "clock"  # nobody: a day has passed


class ReflectionStatus(models.TextChoices):
    """Where the reflection period stands (bedenktijd)."""

    NOT_OFFERED = "not_offered", _("Not offered")
    OFFERED = "offered", _("Offered")
    DECLINED = "declined", _("Declined by the person")
    GRANTED = "granted", _("Granted, not begun")
    RUNNING = "running", _("Running")
    EXPIRED = "expired", _("Over: the term has passed")
    ENDED = "ended", _("Ended before its term")


class TrackStatus(models.TextChoices):
    """Where the residence of the person stands (verblijfstraject)."""

    NONE = "none", _("Nothing yet")
    REFLECTION = "reflection", _("In the reflection period")
    APPLIED = "applied", _("M55 sent: counts as an application")
    GRANTED = "granted", _("Permit granted (B8/3)")
    RENEWAL = "renewal", _("Renewal applied for")
    REJECTED = "rejected", _("Rejected")
    REVOKED = "revoked", _("Permit revoked")
    OBJECTION = "objection", _("Objection lodged")
    CONTINUED_APPLIED = "continued_applied", _("Continued stay applied for")
    CONTINUED_GRANTED = "continued_granted", _("Continued stay granted")
    ASYLUM = "asylum", _("Asylum procedure")
    DEPARTED = "departed", _("Left the Netherlands")


class ReportStatus(models.TextChoices):
    """Where the police report stands (aangifte)."""

    NOT_DISCUSSED = "not_discussed", _("Not discussed yet")
    TALK_PLANNED = "talk_planned", _("Informative talk planned")
    TALK_DONE = "talk_done", _("Informative talk held")
    CONSIDERING = "considering", _("The person is considering it")
    REPORTED = "reported", _("Reported to the police")
    EX_OFFICIO = "ex_officio", _("Investigated without a report")
    NOT_REPORTED = "not_reported", _("The person does not report")
    WITHDRAWN = "withdrawn", _("Report withdrawn")
    INVESTIGATION = "investigation", _("Under investigation")
    DISMISSED = "dismissed", _("Dismissed by the prosecutor")
    PROSECUTED = "prosecuted", _("Before the court")
    JUDGED_FIRST = "judged_first", _("Judged by the court")
    APPEAL = "appeal", _("In appeal")
    FINAL = "final", _("Final judgement")


_R, _T, _A = ReflectionStatus, TrackStatus, ReportStatus
_POLICE, _IND, _CLOCK = Side.POLICE, Side.IMMIGRATION, Side.CLOCK

# From a status, to a status, and whose move it is. A reflection period is given once and is not
# extended (B8/3.1 Vc): nothing leads back from RUNNING.
REFLECTION_MOVES: dict[ReflectionStatus, dict[ReflectionStatus, Side]] = {
    _R.NOT_OFFERED: {_R.OFFERED: _POLICE},
    _R.OFFERED: {_R.GRANTED: _POLICE, _R.DECLINED: _POLICE},
    _R.DECLINED: {_R.OFFERED: _POLICE},
    _R.GRANTED: {_R.RUNNING: _POLICE, _R.ENDED: _POLICE},
    _R.RUNNING: {_R.ENDED: _POLICE, _R.EXPIRED: _CLOCK},
    _R.EXPIRED: {},
    _R.ENDED: {},
}
TRACK_MOVES: dict[TrackStatus, dict[TrackStatus, Side]] = {
    _T.NONE: {_T.REFLECTION: _POLICE, _T.APPLIED: _POLICE},
    _T.REFLECTION: {_T.APPLIED: _POLICE, _T.ASYLUM: _IND, _T.DEPARTED: _IND},
    _T.APPLIED: {_T.GRANTED: _IND, _T.REJECTED: _IND, _T.DEPARTED: _IND},
    _T.GRANTED: {
        _T.RENEWAL: _IND,
        _T.REVOKED: _IND,
        _T.CONTINUED_APPLIED: _IND,
        _T.DEPARTED: _IND,
    },
    _T.RENEWAL: {_T.GRANTED: _IND, _T.REJECTED: _IND, _T.REVOKED: _IND},
    _T.REJECTED: {
        _T.OBJECTION: _IND,
        _T.APPLIED: _POLICE,
        _T.ASYLUM: _IND,
        _T.DEPARTED: _IND,
    },
    _T.REVOKED: {
        _T.OBJECTION: _IND,
        _T.CONTINUED_APPLIED: _IND,
        _T.ASYLUM: _IND,
        _T.DEPARTED: _IND,
    },
    _T.OBJECTION: {
        _T.GRANTED: _IND,
        _T.CONTINUED_GRANTED: _IND,
        _T.REJECTED: _IND,
        _T.REVOKED: _IND,
    },
    _T.CONTINUED_APPLIED: {_T.CONTINUED_GRANTED: _IND, _T.REJECTED: _IND},
    _T.CONTINUED_GRANTED: {_T.REVOKED: _IND, _T.DEPARTED: _IND},
    _T.ASYLUM: {_T.APPLIED: _POLICE, _T.DEPARTED: _IND},
    _T.DEPARTED: {},
}
# An informative talk comes before a report, unless it is acute; an investigation may follow
# without a report; a complaint under art. 12 Sv may reopen what was dismissed.
REPORT_MOVES: dict[ReportStatus, dict[ReportStatus, Side]] = {
    _A.NOT_DISCUSSED: {_A.TALK_PLANNED: _POLICE, _A.TALK_DONE: _POLICE, _A.REPORTED: _POLICE},
    _A.TALK_PLANNED: {_A.TALK_DONE: _POLICE, _A.NOT_REPORTED: _POLICE},
    _A.TALK_DONE: {
        _A.REPORTED: _POLICE,
        _A.CONSIDERING: _POLICE,
        _A.EX_OFFICIO: _POLICE,
        _A.NOT_REPORTED: _POLICE,
    },
    _A.CONSIDERING: {
        _A.REPORTED: _POLICE,
        _A.EX_OFFICIO: _POLICE,
        _A.NOT_REPORTED: _POLICE,
    },
    _A.NOT_REPORTED: {_A.REPORTED: _POLICE, _A.EX_OFFICIO: _POLICE},
    _A.REPORTED: {_A.INVESTIGATION: _POLICE, _A.WITHDRAWN: _POLICE, _A.DISMISSED: _POLICE},
    _A.EX_OFFICIO: {_A.INVESTIGATION: _POLICE, _A.DISMISSED: _POLICE},
    _A.WITHDRAWN: {_A.INVESTIGATION: _POLICE, _A.DISMISSED: _POLICE},
    _A.INVESTIGATION: {_A.PROSECUTED: _POLICE, _A.DISMISSED: _POLICE},
    _A.DISMISSED: {_A.INVESTIGATION: _POLICE},
    _A.PROSECUTED: {_A.JUDGED_FIRST: _POLICE, _A.DISMISSED: _POLICE},
    _A.JUDGED_FIRST: {_A.APPEAL: _POLICE, _A.FINAL: _POLICE},
    _A.APPEAL: {_A.FINAL: _POLICE},
    _A.FINAL: {},
}

#: The term runs, or is to begin.
OPEN_REFLECTION = (_R.OFFERED, _R.GRANTED, _R.RUNNING)
#: The person stays on the ground of B8/3.
WITH_PERMIT = (_T.GRANTED, _T.RENEWAL)
#: The criminal case on which a permit may lean is no more.
CASE_FELL_AWAY = (_A.WITHDRAWN, _A.DISMISSED, _A.FINAL)
