"""Trends: notes of analysts, and how many signals came in by month."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.geography.models import SafetyRegion
from referral.organisations.permissions import Permission
from referral.organisations.roles import OrganisationType
from signals.deliberation import actions
from signals.deliberation.forms import CountsForm, MonthForm, TrendForm
from signals.deliberation.models import Axis, TrendCount, TrendNote
from signals.deliberation.rules import THRESHOLD
from signals.deliberation.views.agenda import form_page
from signals.deliberation.views.meetings import READERS
from signals.deliberation.workflow import TrendStatus
from signals.models import Exploitation, Signal
from signals.querysets import ABROAD

LINES_ON_A_PAGE = 25
MONTHS = 12
#: The drawing: how high, how wide one month is, and what stands around the bars.
HIGH, WIDE, ABOVE, BELOW = 160, 48, 20, 24

Counts = Mapping[date, Mapping[str, int | None]]


@dataclass(frozen=True, slots=True)
class Bar:
    """One month of the drawing, in whole units; `shown` is what stands above it."""

    label: str
    shown: str
    x: int
    y: int
    height: int

    @property
    def middle(self) -> int:
        return self.x + WIDE // 2


@allowed(*READERS)
@require_safe
def list_trends(request: MemberRequest) -> HttpResponse:
    """The notes that this member may read."""
    found = TrendNote.objects.visible_to(request.member).newest_first()
    page = Paginator(found, LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "inside": request.member.may(Permission.SIGNAL_JUDGE)}
    return render(request, "deliberation/trends.html", context)


@allowed(*READERS)
@require_safe
def trend(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One note; its signals are for the expert centre only."""
    found = get_object_or_404(TrendNote.objects.visible_to(request.member), pk=pk)
    opened = actions.open_trend(found, by=request.member, at=timezone.now())
    inside = request.member.may(Permission.SIGNAL_JUDGE)
    regions = SafetyRegion.objects.filter(pk__in=opened.note.regions).order_by("name")
    context = {
        "opened": opened,
        "note": opened.note,
        "period": period_words(opened.note),
        "regions": [region.name for region in regions],
        "inside": inside,
        "is_draft": inside and opened.note.status == TrendStatus.DRAFT,
        "can_withdraw": inside and opened.note.status != TrendStatus.WITHDRAWN,
    }
    return render(request, "deliberation/trend.html", context)


@allowed(Permission.SIGNAL_JUDGE)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: MemberRequest) -> HttpResponse:
    """An analyst writes a note; it is a draft until it is published."""
    form = TrendForm(request.POST or None, member=request.member)
    return form_page(
        request,
        form,
        lambda by, at, **_said: actions.write_trend(form.trend(), by=by, at=at),
        title=_("Write about a trend"),
        submit=_("Save as a draft"),
        said=_("The draft has been saved."),
        back=reverse("signals:deliberation:trends"),
        crumbs=((reverse("signals:deliberation:trends"), _("Trends")),),
        intro=_("Write about the phenomenon, never about a person."),
    )


@allowed(Permission.SIGNAL_JUDGE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Change a draft."""
    found = get_object_or_404(TrendNote.objects.visible_to(request.member), pk=pk)
    if found.status != TrendStatus.DRAFT:
        return redirect(found)
    opened = actions.open_trend(found, by=request.member, at=timezone.now())
    form = TrendForm(request.POST or None, member=request.member, initial=_known(opened))
    return form_page(
        request,
        form,
        lambda by, at, **_said: actions.write_trend(form.trend(), note=found, by=by, at=at),
        title=_("Change this draft"),
        submit=_("Save as a draft"),
        said=_("The draft has been saved."),
        back=found.get_absolute_url(),
        crumbs=(
            (reverse("signals:deliberation:trends"), _("Trends")),
            (found.get_absolute_url(), found.title),
        ),
    )


def period_words(note: TrendNote) -> str:
    """The month or the year of a note, as it is typed."""
    begin, end = note.period.lower, note.period.upper
    whole_year = (begin.month, end.month) == (1, 1)
    return f"{begin:%Y}" if whole_year else f"{begin:%m-%Y}"


def _known(opened: actions.OpenedTrend) -> dict[str, object]:
    note = opened.note
    return {
        "title": note.title,
        "period": period_words(note),
        "happens": note.forms,
        "regions": note.regions,
        "text": opened.text,
        "signals": ", ".join(signal.reference for signal in opened.signals),
    }


@allowed(Permission.SIGNAL_JUDGE)
@require_POST
def publish(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Everybody who takes part in deliberations reads it from now on."""
    said = _("Everybody who takes part in deliberations can read this note now.")
    return _button(request, pk, actions.publish_trend, said)


@allowed(Permission.SIGNAL_JUDGE)
@require_POST
def withdraw(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Nobody outside the expert centre reads it any more."""
    return _button(request, pk, actions.withdraw_trend, _("This note has been withdrawn."))


@allowed(*READERS)
@require_safe
def counts(request: MemberRequest) -> HttpResponse:
    """How many signals came in by month: drawn, and as a table.

    The expert centre counts what is there; others read what was published, without what is small.
    """
    member = request.member
    form = CountsForm(request.GET, member=member)
    axis = Axis(form.chosen("by") or Axis.ALL)
    inside = member.may(Permission.SIGNAL_JUDGE)
    months = last_months(timezone.localdate())
    told = TrendCount.objects.visible_to(member).filter(month__gte=months[0])
    if inside:
        found = _true_counts(request, form, axis, months)
        every = _true_counts(request, form, Axis.ALL, months)
    else:
        found = actions.told_counts(told.filter(axis=axis))
        every = actions.told_counts(told.filter(axis=Axis.ALL))
    published = set(told.values_list("month", flat=True))
    columns = columns_of(axis, found)
    context = {
        "form": form,
        "inside": inside,
        "may_publish": member.may(Permission.DELIBERATION_PREPARE),
        "columns": [label for _code, label in columns],
        "rows": [
            (
                month,
                [shown(found.get(month), code, inside=inside) for code, _label in columns],
                month in published,
            )
            for month in months
        ],
        "bars": bars(every, months, inside=inside),
        "width": WIDE * len(months),
        "height": HIGH + ABOVE + BELOW,
        "base": HIGH + ABOVE,
        "words_at": HIGH + ABOVE + BELOW - 6,
        "threshold": THRESHOLD,
        "this_month": months[-1],
    }
    return render(request, "deliberation/counts.html", context)


def _true_counts(
    request: MemberRequest, form: CountsForm, axis: Axis, months: list[date]
) -> Counts:
    signals = Signal.objects.visible_to(request.member).with_form(form.chosen("form"))
    signals = signals.in_region(form.chosen("region")).filter(created_at__date__gte=months[0])
    if reporter := form.chosen("reporter"):
        signals = signals.filter(reporter_type=reporter)
    return actions.count_signals(signals, axis, by=request.member, at=timezone.now())


def last_months(today: date) -> list[date]:
    """The first days of this month and the eleven before it."""
    number = today.year * 12 + today.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(number - MONTHS + 1, number + 1)]


def columns_of(axis: Axis, found: Counts) -> list[tuple[str, str]]:
    """Code and words of each column: those that occur in these months."""
    known: dict[str, str] = {ABROAD: _("Abroad")}
    if axis == Axis.ALL:
        return [("", _("Signals"))]
    if axis == Axis.FORM:
        known |= {one.value: str(one.label) for one in Exploitation}
    if axis == Axis.REPORTER:
        known |= {one.value: str(one.label) for one in OrganisationType}
    if axis == Axis.REGION:
        known |= {region.pk: region.name for region in SafetyRegion.objects.order_by("name")}
    there = {code for counts in found.values() for code in counts}
    return [(code, label) for code, label in known.items() if code in there]


def shown(counts: Mapping[str, int | None] | None, code: str, *, inside: bool) -> str:
    """A count in words: not published, too few to tell, or the number."""
    if inside:
        return str((counts or {}).get(code, 0))
    if counts is None:
        return _("Not published")
    number = counts.get(code)
    return _("Fewer than %s, or hidden") % THRESHOLD if number is None else str(number)


def bars(every: Counts, months: list[date], *, inside: bool) -> list[Bar]:
    numbers = [(every.get(month) or {}).get("") or 0 for month in months]
    most = max([1, *numbers])
    return [
        Bar(
            label=f"{month:%m-%y}",
            shown=str(number) if number or inside else "–",
            x=place * WIDE,
            y=ABOVE + HIGH - HIGH * number // most,
            height=HIGH * number // most,
        )
        for place, (month, number) in enumerate(zip(months, numbers, strict=True))
    ]


@allowed(Permission.DELIBERATION_PREPARE)
@require_POST
def publish_counts(request: MemberRequest) -> HttpResponse:
    """Tell the counts of one month to who takes part in deliberations."""
    form, back = MonthForm(request.POST), reverse("signals:deliberation:counts")
    if not form.is_valid():
        return redirect(back)
    return do_once(
        request,
        lambda: actions.publish_counts(**form.cleaned_data, by=request.member, at=timezone.now()),
        said=_("The counts of this month have been published, without what is small."),
        back=back,
    )


def _button(
    request: MemberRequest, pk: UUID, deed: Callable[..., object], said: str
) -> HttpResponse:
    found = get_object_or_404(TrendNote.objects.visible_to(request.member), pk=pk)
    return do_once(
        request,
        lambda: deed(found, by=request.member, at=timezone.now()),
        said=said,
        back=found.get_absolute_url(),
    )
