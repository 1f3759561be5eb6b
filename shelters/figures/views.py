"""The figures of a quarter, as a page and as a file."""

from __future__ import annotations

import csv
from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from shelters.figures.actions import count_quarter
from shelters.figures.forms import QuarterForm
from shelters.figures.rules import Quarter, Table, quarters


@allowed(Permission.SHELTER_READ)
@require_safe
def figures(request: MemberRequest) -> HttpResponse:
    """Occupancy, refusals, waiting and what blocks leaving; with ?as=csv the same as a file."""
    now = timezone.now()
    exact = request.member.may(Permission.PLACEMENT_READ_ALL)
    offered = quarters(timezone.localdate(now), running=exact)
    form = QuarterForm.of(offered, request.GET)
    quarter = form.chosen(offered)
    tables = count_quarter(quarter, by=request.member, at=now)
    if request.GET.get("as") == "csv":
        return _file(quarter, tables)
    context = {"form": form, "quarter": quarter, "tables": tables, "exact": exact}
    return render(request, "figures/quarter.html", context)


def _file(quarter: Quarter, tables: Sequence[Table]) -> HttpResponse:
    """One line a number, so that a spreadsheet or a script can take any table out of it."""
    name = f"opvang-{quarter}.csv"
    answer = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    lines = csv.writer(answer)
    lines.writerow(["quarter", "table", "line", "measure", "value"])
    for table in tables:
        for row in table.rows:
            for head, value in zip(table.heads[1:], row.values, strict=True):
                lines.writerow([str(quarter), table.title, row.label, head, value])
    return answer
