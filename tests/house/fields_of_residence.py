"""The fields of residence: dates and codes, and what each of them says (see fields.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.house.fields import Kinds

RESIDENCE: dict[str, Kinds] = {
    "residence.ResidenceFile": {
        "operational": "id reference person registration police immigration opened_at opened_by",
    },
    "residence.Step": {
        "operational": "id file line status_before status code happened_on recorded_at recorded_by",
    },
    "residence.Reflection": {
        "operational": "file status ground offered_on declined_on granted_on term term_months"
        " term_days starts_on ends_on suspended_on ended_on end_reason changed_at changed_by",
    },
    "residence.Track": {
        "operational": "file status m55_sent_on decided_on ground statement_seen permit_from"
        " permit_to continued_ground ground_fell_on changed_at changed_by",
    },
    "residence.PoliceReport": {
        "operational": "file status talk_on reported_on status_on informed_on changed_at"
        " changed_by",
    },
    "residence.PoliceSide": {
        "operational": "file no_report non_punishment changed_at changed_by",
    },
    "terms.Confirmation": {
        "operational": "id planning handover shelter certainty given_at given_by",
    },
    "residence.TermLength": {"plain": "id code months days source certainty valid"},
    "residence.Deadline": {
        "operational": "id file person kind ends_on closed_at closed_by kept",
    },
    "residence.Alert": {"operational": "id deadline days told_at late"},
}
