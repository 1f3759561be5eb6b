"""Reads of the library of indicators, and of what reporters answered from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Prefetch

from signals.querysets.signal import readable_by

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from referral.organisations.models import Membership
    from signals.models import (
        Deepening,
        DeepeningAnswer,
        Indicator,
    )


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    """The library is public: nobody is asked who reads it."""

    def valid_on(self, day: date) -> Self:
        return self.filter(valid__contains=day)

    def in_chapters(self, chapters: Iterable[str]) -> Self:
        return self.filter(chapter__in=list(chapters))

    def for_group(self, group: str) -> Self:
        """What this target group can come to know; all for an empty text."""
        return self.filter(target_groups__contains=[group]) if group else self.all()

    def about(self, age_group: str) -> Self:
        """Without what is about minors alone where there are only adults, and the reverse."""
        others = {"adult": "minors", "minor": "adults"}
        return self.exclude(ages=others.get(age_group, ""))

    def in_order(self) -> Self:
        return self.order_by("code", "version")


class DeepeningQuerySet(models.QuerySet["Deepening"]):
    def visible_to(self, member: Membership) -> Self:
        """With the signal itself; never for the statistics service."""
        signals = self.model._meta.get_field("signal").related_model._default_manager
        return self.filter(signal__in=signals.filter(readable_by(member)))

    def newest_first(self) -> Self:
        return self.order_by("-number")

    def with_answers(self) -> Self:
        """The answers by code, each with the version of the indicator that was shown."""
        answers = self.model._meta.get_field("answers").related_model._default_manager
        in_order = answers.select_related("indicator").order_by("indicator__code")
        return self.select_related("added_by").prefetch_related(Prefetch("answers", in_order))


class AnswerQuerySet(models.QuerySet["DeepeningAnswer"]):
    def visible_to(self, member: Membership) -> Self:
        """With the deepening that it belongs to."""
        deepenings: Any = self.model._meta.get_field("deepening").related_model
        signals = deepenings._meta.get_field("signal").related_model._default_manager
        return self.filter(deepening__signal__in=signals.filter(readable_by(member)))
