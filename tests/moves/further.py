"""Whose move it is in the lives that the walk at random does not take, as in tests/moves/inner.py.

They are lines of a file, or are decided on by two persons of whom neither can be somebody else.
"""

from functools import partial
from typing import Any

from referral.organisations.models import Membership
from referral.residence import workflow as residence
from referral.residence.models import PoliceReport, Reflection, Track
from tests.moves.lives import Life, P, Sides, at_home, chosen, may


def of_line(line: Any, who: Membership, *, keep: P) -> Sides:
    """The service that has the file, and the immigration service to which it was sent."""
    file = line.file
    return {
        residence.Side(side)
        for side in chosen(
            police=may(who, keep) and at_home(who, file.police_id),
            immigration=may(who, P.RESIDENCE_DECIDE) and at_home(who, file.immigration_id),
        )
    }


of_period, of_report = (partial(of_line, keep=one) for one in (P.REFLECTION_OFFER, P.REPORT_KEEP))
REFLECTION = Life(Reflection, residence.REFLECTION_MOVES, of_period, ("file",))
TRACK = Life(Track, residence.TRACK_MOVES, of_period, ("file",))
REPORT = Life(PoliceReport, residence.REPORT_MOVES, of_report, ("file",))
FURTHER = (REFLECTION, TRACK, REPORT)
