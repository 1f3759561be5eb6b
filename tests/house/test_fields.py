"""Every field is classified, and what tells who somebody is lies sealed."""

from collections import Counter

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from referral.access.models import KeptAnswer
from referral.checks import open_reason
from tests.house.fields import CLEAR, FIELDS

MODELS = {
    model._meta.label: model
    for model in apps.get_models(include_auto_created=True)
    if apps.get_app_config(model._meta.app_label).path.startswith(str(settings.BASE_DIR))
    and "/.venv/" not in apps.get_app_config(model._meta.app_label).path
}
SECRET = [
    (label, name)
    for label, kinds in FIELDS.items()
    for kind in ("identifying", "special")
    for name in kinds.get(kind, "").split()
]


def columns(model: type[models.Model]) -> set[str]:
    return {f.name for f in (*model._meta.local_fields, *model._meta.local_many_to_many)}


def test_every_model_of_the_house_is_classified():
    assert sorted(MODELS) == sorted(FIELDS)


@pytest.mark.parametrize("label", FIELDS)
def test_every_field_is_classified_once(label):
    named = Counter(" ".join(FIELDS[label].values()).split())

    assert set(named) == columns(MODELS[label])
    assert [name for name, times in named.items() if times > 1] == []


@pytest.mark.parametrize(("label", "name"), SECRET)
def test_what_identifies_or_is_special_is_sealed_or_hashed(label, name):
    field = MODELS[label]._meta.get_field(name)

    assert isinstance(field, models.BinaryField) or CLEAR.get(f"{label}.{name}")


def test_an_exception_is_one():
    secret = {f"{label}.{name}" for label, name in SECRET}
    sealed = {
        f"{label}.{name}" for label, name in SECRET
        if isinstance(MODELS[label]._meta.get_field(name), models.BinaryField)
    }  # fmt: skip

    assert set(CLEAR) == secret - sealed


@pytest.mark.parametrize("label", sorted({label for label, _name in SECRET}))
def test_what_identifies_or_is_special_lies_behind_the_second_lock(label):
    if label != "organisations.User":  # who works where is needed before anyone acts
        assert open_reason(MODELS[label]._meta.db_table) is None


def test_free_text_about_a_person_has_no_column():
    """A TextField invites a story; stories are sealed."""
    texts = {
        f"{label}.{field.name}"
        for label, model in MODELS.items()
        for field in model._meta.local_fields
        if isinstance(field, models.TextField | models.JSONField)
    }

    codes = {"routing.Rule.conditions", "routing.Decision.because"}
    codes |= {"matching.MatchProposal.question", "matching.MatchLine.reasons"}
    names = {"signals.LayoutMapping.content"}  # of columns, of nobody
    counts = {"routing.DryRun.moves", "routing.DryRun.taken", "reporting.Release.warnings"}
    counts |= {"retention.Erasure.destroyed", "destruction.DestructionList.destroyed"}
    assert texts == {f"{KeptAnswer._meta.label}.answer", *codes, *names, *counts}
