"""The example that partners copy works, against the application as it runs."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings

from referral.api import token_address
from tests.factories.clients import make_partner
from tests.processes import Served, serve

EXAMPLE = re.compile(r"```python\n(.*?)```", re.DOTALL)


@pytest.fixture
def served(committed: None) -> Iterator[Served]:  # noqa: ARG001
    """The web server alone; no worker has part in it."""
    with serve(worker=False) as running:
        yield running


def test_the_example_sends_a_signal(served: Served, capsys):
    partner = make_partner()
    [example] = EXAMPLE.findall((settings.BASE_DIR / "docs" / "api.md").read_text())

    given = {
        "BAKEN": served.url,
        "AUDIENCE": token_address(),
        "CLIENT_ID": str(partner.client.pk),
        "KID": partner.pair.kid,
        "PRIVATE_KEY": partner.pair.private,
    }
    exec(compile(example, "docs/api.md", "exec"), given)  # noqa: S102 -- our own example

    reference, outcome = capsys.readouterr().out.splitlines()[-2:]
    assert re.fullmatch(r"SIG-\d{4}-\d{6}", reference)
    assert outcome == "{'uitkomst': None}"
