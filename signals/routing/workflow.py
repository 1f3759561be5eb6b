"""The life of a version of the rules and of a dry run, and what a rule can ask and answer.

The trigger `rule_set_moves_along_the_table` in the database says the same.
"""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class SetStatus(models.TextChoices):
    """Where a version of the rules stands (status van een regelset)."""

    DRAFT = "draft", _("Draft")
    ACTIVE = "active", _("In use")
    RETIRED = "retired", _("No longer in use")


class Side(StrEnum):
    """Whose move it is."""

    COORDINATOR = "coordinator"  # who manages the rules at the expert centre


#: The version in use retires when the coordinator takes the next one into use.
MOVES: dict[SetStatus, dict[SetStatus, Side]] = {
    SetStatus.DRAFT: {SetStatus.ACTIVE: Side.COORDINATOR},
    SetStatus.ACTIVE: {SetStatus.RETIRED: Side.COORDINATOR},
    SetStatus.RETIRED: {},
}


class RunStatus(models.TextChoices):
    """Where a dry run stands (status van een proefrun)."""

    RUNNING = "running", _("Counting")
    DONE = "done", _("Done")


RUN_MOVES: dict[RunStatus, tuple[RunStatus, ...]] = {
    RunStatus.RUNNING: (RunStatus.DONE,),
    RunStatus.DONE: (),
}


class Goal(models.TextChoices):
    """Where a rule sends a signal (bestemming).

    Since the redesign of 2018-2021 other organisations also send signals direct to the
    investigation service that fits best; the expert centre keeps a copy. Source:
    emm-online.nl/english.
    """

    VIA_EMM = "via_emm", _("Via the expert centre (EMM)")
    DIRECT = "direct", _("Direct to a service, with a copy to the expert centre (EMM)")


class Fact(models.TextChoices):
    """What a rule may ask of a signal: this list is closed (feit)."""

    FORM = "form", _("form of exploitation")
    REPORTER_TYPE = "reporter_type", _("reported by")
    PLACE_KIND = "place_kind", _("kind of place")
    REGION = "region", _("safety region")
    MUNICIPALITY = "municipality", _("municipality")
    MINORS = "minors", _("a minor")
    DANGER = "danger", _("acute danger")
    CHANNEL = "channel", _("channel")


YES, NO = "yes", "no"


class Fault(models.TextChoices):
    """Why a rule could not be followed; its signal goes via the expert centre (storing)."""

    SERVICE_ENDED = "service_ended", _("the service that it names no longer exists")
    UNKNOWN_CODE = "unknown_code", _("it asks for something that no longer exists")
    FAILED = "failed", _("it could not be read")
