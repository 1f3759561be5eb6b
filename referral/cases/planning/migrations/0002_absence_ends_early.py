"""Somebody is back early, or the absence was a mistake: an ended one no longer fills its days."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import migrations
from django.db.models import F, Func, Q, Value

NAME = "colleague_is_absent_once_at_a_time"


class Migration(migrations.Migration):
    dependencies = [("planning", "0001_plans_tasks_and_risks")]

    operations = [
        migrations.RemoveConstraint(model_name="absence", name=NAME),
        migrations.AddConstraint(
            model_name="absence",
            constraint=ExclusionConstraint(
                name=NAME,
                expressions=[
                    (F("organisation"), RangeOperators.EQUAL),
                    (F("person"), RangeOperators.EQUAL),
                    (
                        Func(F("first_on"), F("last_on"), Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(ended_at=None),
            ),
        ),
    ]
