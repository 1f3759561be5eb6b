"""A partner that sends files in a layout of its own, and the mapping by which they are read."""

from __future__ import annotations

from datetime import datetime

from referral.demo.country.organisations import working
from referral.organisations.models import Membership
from signals.actions import keep_mapping

MAPPING = """\
# Verzonnen: zo levert een meldpunt zijn meldingen aan, elke maand een bestand.
code = "meldpunt"
label = "Meldpunt"
version = 1

[file]
delimiter = ";"
encoding = "windows-1252"

[forms]
column = "Soort"
separator = "+"
codes = { seks = "sexual", werk = "labour", bedelen = "begging" }

[period]
column = "Datum"
formats = ["%d.%m.%Y", "%m.%Y"]

[municipality]
column = "Gemeente"
by = "name"

[number]
column = "Aantal"

[danger]
column = "Gevaar"
yes = ["ja"]
no = ["nee"]

[channel]
constant = "phone"

[facts]
column = "Verhaal"
"""


def keep_partner_mapping(coordinator: Membership, *, now: datetime) -> None:
    with working(coordinator):
        keep_mapping(MAPPING, reason="Een nieuwe partner.", by=coordinator, at=now)
