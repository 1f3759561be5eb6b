"""The question of a proposal as plain values, so that whoever computes need read nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from shelters.matching.rules.fitting import Need, Place, Reason, Rule, Side

Plain = dict[str, Any]


def packed(needs: Iterable[Need], places: Iterable[Place], rules: Iterable[Rule]) -> Plain:
    """In a form that JSON keeps, in an order of its own."""
    return {
        "needs": [_plain(asdict(need)) for need in needs],
        "places": [_plain(asdict(place)) for place in places],
        "rules": [asdict(rule) for rule in rules],
    }


def unpacked(question: Mapping[str, Any]) -> tuple[list[Need], list[Place], list[Rule]]:
    """What was packed, again."""
    needs = [Need(**_whole(Need, row)) for row in question["needs"]]
    places = [Place(**_whole(Place, row)) for row in question["places"]]
    return needs, places, [Rule(**row) for row in question["rules"]]


def as_rows(reasons: Iterable[Reason]) -> list[list[str]]:
    return [[reason.side.value, reason.code, reason.detail] for reason in reasons]


def from_rows(rows: Iterable[Iterable[str]]) -> list[Reason]:
    return [Reason(Side(side), code, detail) for side, code, detail in rows]


def _plain(row: Plain) -> Plain:
    return {
        name: sorted(value)
        if isinstance(value, frozenset)
        else value.isoformat()
        if isinstance(value, datetime)
        else value
        for name, value in row.items()
    }


def _whole(kind: type[Need | Place], row: Mapping[str, Any]) -> Plain:
    kinds = {field.name: str(field.type) for field in fields(kind)}
    return {
        name: frozenset(value)
        if isinstance(value, list)
        else datetime.fromisoformat(value)
        if kinds[name] == "datetime"
        else value
        for name, value in row.items()
    }
