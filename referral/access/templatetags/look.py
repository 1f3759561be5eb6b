"""How a status and a deadline look: a tone beside the words, never a colour alone."""

from datetime import date, datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()

SOON = timedelta(days=3)

# One word has one colour in every room. A status that is not listed is neutral.
TONES = {
    "accepted": "good",
    "active": "active",
    "arrived": "good",
    "asked": "waiting",
    "computed": "waiting",
    "computing": "active",
    "declined": "bad",
    "forwarded": "good",
    "given": "good",
    "intake": "waiting",
    "merged": "neutral",
    "monitored": "active",
    "needs_info": "waiting",
    "offered": "waiting",
    "parked": "waiting",
    "placed": "good",
    "proposed": "waiting",
    "quarantined": "waiting",
    "ready": "good",
    "received": "waiting",
    "refused": "bad",
    "registered": "good",
    "reserved": "waiting",
    "returned": "waiting",
    "second_reading": "waiting",
    "sealed": "good",
    "submitted": "waiting",
    "triage": "active",
    "uploading": "waiting",
}


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, name: str, value: object) -> str:
    """The address of this list with one filter changed; the page number starts again."""
    query = context["request"].GET.copy()
    query[name] = str(value)
    if not query[name]:
        del query[name]
    query.pop("page", None)
    return f"?{query.urlencode()}"


@register.filter
def status_tone(status: str) -> str:
    """The tone of a status: good, waiting, bad, active or neutral. A tone is its own tone."""
    status = str(status).lower()
    return status if status in TONES.values() else TONES.get(status, "neutral")


@register.filter
def time_left(due: date | datetime | None, at: datetime | None = None) -> str:
    """How long is left until a day or a moment, in words; a day lasts until its midnight."""
    if due is None:
        return ""
    at = at or timezone.now()
    if not isinstance(due, datetime):
        return _days_in_words((due - timezone.localdate(at)).days)
    left = due - at
    if abs(left) >= timedelta(days=2):
        return _days_in_words((timezone.localdate(due) - timezone.localdate(at)).days)
    return _hours_in_words(int(left.total_seconds() // 60))


@register.filter
def deadline_tone(due: date | datetime | None, at: datetime | None = None) -> str:
    """The tone of a deadline: bad when it has passed, waiting when it is near."""
    if due is None:
        return "neutral"
    at = at or timezone.now()
    if isinstance(due, datetime):
        left = due - at
    else:
        left = timedelta(days=(due - timezone.localdate(at)).days)
    if left < timedelta(0):
        return "bad"
    return "waiting" if left <= SOON else "neutral"


def _days_in_words(days: int) -> str:
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    if days > 0:
        return ngettext("%(count)s day left", "%(count)s days left", days) % {"count": days}
    return ngettext("%(count)s day late", "%(count)s days late", -days) % {"count": -days}


def _hours_in_words(minutes: int) -> str:
    late = minutes < 0
    minutes = abs(minutes)
    if minutes < 60:
        if late:
            words = ngettext("%(count)s minute late", "%(count)s minutes late", minutes)
        else:
            words = ngettext("%(count)s minute left", "%(count)s minutes left", minutes)
        return words % {"count": minutes}
    hours = minutes // 60
    if late:
        words = ngettext("%(count)s hour late", "%(count)s hours late", hours)
    else:
        words = ngettext("%(count)s hour left", "%(count)s hours left", hours)
    return words % {"count": hours}
