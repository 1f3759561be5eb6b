"""What the trail costs a request."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from bench.country import Country
from bench.gate import Measured, gate, medians
from bench.visits import look, visitor
from referral.audit import actions


@contextmanager
def no_trail() -> Iterator[None]:
    """As if nothing were recorded: only here, to know what recording costs."""
    with mock.patch.object(actions, "record_many"):
        yield


@gate("audit")
def audit_of_a_request(country: Country) -> Iterator[Measured]:
    """The list of cases with and without its line in the trail, in turn."""
    client = visitor(country.coordinator)

    def without() -> None:
        with no_trail():
            look(client, "/cases/")

    plain, recorded = medians(without, lambda: look(client, "/cases/"), rounds=country.rounds)
    shown = f"{recorded:.1f} ms with, {plain:.1f} ms without"
    yield Measured("request with ÷ without audit", recorded / plain, 1.35, "×", detail=shown)
