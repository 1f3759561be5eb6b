"""A file of real cases ends in a release whose true counts equal a plain recount of the file."""

import csv
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.roles import Role
from reporting.actions import compute_release
from reporting.actions.computing import opened
from reporting.counting import form_leaf
from reporting.models import DraftCounts, Release, ReleaseCell
from reporting.programmes import IMPORTED
from reporting.tables import Cell
from reporting.tasks import release_import
from reporting.workflow import Status
from signals.actions import order_import
from signals.tasks import take_in
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db
REAL = Path(settings.BASE_DIR).parent / "shared/data/ctdc_victim_perpetrator_synthetic.csv"


def leaf(row):
    forms = [
        form
        for form, column in (("sexual", "isSexualExploit"), ("labour", "isForcedLabour"))
        if row[column] == "1"
    ]
    return form_leaf(tuple(forms or ["unknown"]))


@pytest.mark.skipif(not REAL.exists(), reason="the CTDC file is on the machines of the builders")
def test_the_release_over_a_file_counts_what_the_file_holds():
    coordinator = make_member(Role.EMM_COORDINATOR)
    with REAL.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[::101]
    content = StringIO()
    writer = csv.DictWriter(content, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    with acting(coordinator, purpose="test"):
        batch = order_import(
            lambda: [content.getvalue().encode()],
            file_name="real.csv",
            profile="ctdc",
            by=coordinator,
            at=timezone.now(),
        )
        take_in(batch.pk, by=coordinator)

    release_import(str(batch.pk))
    release_import(str(batch.pk))  # delivered twice, ordered once
    statistics = service(Role.SERVICE_STATISTICS)
    with acting(statistics, purpose="test"), transaction.atomic():
        [release] = Release.objects.visible_to(statistics).of(IMPORTED)
        release = compute_release(release.pk, by=statistics, clock=timezone.now)
        _, counts = opened(DraftCounts.objects.select_related("key", "release").get(pk=release.pk))
        published = ReleaseCell.objects.visible_to(statistics).values_by_code()

    assert release.status == Status.COMPUTED
    recounted = Counter(
        (leaf(row), row["gender"].lower() or "unknown", row["majorityStatus"].lower() or "unknown")
        for row in rows
    )
    for (form, sex, age), number in recounted.items():
        cell = Cell.of("signals", {"form": form, "sex": sex, "age": age})
        assert counts[cell] == number, cell
    assert counts[Cell.of("signals", {})] == len(rows)
    for code, value in published.items():
        assert abs(value - counts[Cell.parse(code)]) <= 4
