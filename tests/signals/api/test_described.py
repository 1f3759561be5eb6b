"""What the description promises, asked of every address by schemathesis, with a valid token.

Valid and invalid data alike. Two checks ask for what is not promised: that all data which fit are
accepted (the description cannot say which municipalities there are, or that a day must not lie in
the future), and of a bulk that one wrong line refuses them all.
"""

from typing import Any

import pytest
import schemathesis
from django.test.client import ClientHandler
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from referral.api import describe
from tests.factories.signals import signal_at

pytestmark = pytest.mark.django_db
load_all_checks()
NOT_PROMISED = CHECKS.get_by_names(["positive_data_acceptance"])
NOT_OF_A_BULK = CHECKS.get_by_names(["positive_data_acceptance", "negative_data_rejection"])
SCHEMA = schemathesis.openapi.from_dict(describe())
HANDLER = ClientHandler(enforce_csrf_checks=True)


def served(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """The application, in the connection of the test."""
    answer = HANDLER(environ)
    start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
    return [answer.getvalue()]


SCHEMA.app = served
OPERATIONS = {one.ok().label: one.ok() for one in SCHEMA.get_all_operations()}
FEW = settings(
    max_examples=25,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


ASKED = [
    (label, mode)
    for label in OPERATIONS
    for mode in GenerationMode
    # Of the description itself nothing is asked that could be wrong.
    if (label, mode) != ("GET /openapi.json", GenerationMode.NEGATIVE)
]


@pytest.mark.parametrize(("label", "mode"), ASKED)
def test_every_address_is_as_it_is_described(alice, label, mode):
    signal, headers = signal_at("needs_info", by=alice.member), alice.headers()
    without = NOT_OF_A_BULK if label.endswith("/bulk") else NOT_PROMISED

    @given(case=OPERATIONS[label].as_strategy(mode), hit=st.booleans())
    @FEW
    def ask(case: Case, hit: Any) -> None:
        if hit and "id" in case.path_parameters and mode == GenerationMode.POSITIVE:
            case.path_parameters["id"] = str(signal.pk)
        case.call_and_validate(headers=headers, excluded_checks=without)

    ask()
