"""The recorded look at the figures."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from referral.audit.actions import record
from referral.organisations.models import Membership
from shelters.figures.rules import Figure, Quarter, Table, tables
from shelters.lists.models import ListName
from shelters.lists.rules import read_lists


@transaction.atomic
def count_quarter(quarter: Quarter, *, by: Membership, at: datetime) -> list[Table]:
    """The figures of a quarter: the database counts, and protects them for who is not the desk."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM baken.figures_of_shelters(%s, %s)", [quarter.begin, quarter.end]
        )
        found = [Figure(*row) for row in cursor.fetchall()]
    record("shelter_figures_read", by=by, at=at, ids=[str(quarter)])
    return tables(found, read_lists(by=by).words(ListName.TYPE))
