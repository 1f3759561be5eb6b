"""A country that is made once for each module, and stands as it stood before each test."""

from copy import deepcopy

import pytest
from django.utils.translation import override

from tests.factories.cases import Country, make_country


@pytest.fixture(scope="module")
def made_country(module_db: None) -> Country:  # noqa: ARG001
    with override("en"):
        return make_country()


@pytest.fixture
def country(db: None, made_country: Country) -> Country:  # noqa: ARG001
    """What Python holds of it is not rolled back, so each test has a copy."""
    return deepcopy(made_country)
