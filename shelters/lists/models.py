"""Codes with their words, as rows."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from referral.geography.models import HAS_A_FIRST_DAY
from shelters.lists.querysets import ListedCodeQuerySet


class ListName(models.TextChoices):
    """Which list a code is in (codelijst)."""

    TYPE = "type", _("Types of shelter")
    GROUP = "group", _("Target groups")
    EXPERTISE = "expertise", _("Expertise")
    FUNDER = "funder", _("Funders")


#: Small letters and low lines; as long as the columns that keep a code.
CODE, SHORT_CODE = "^[a-z][a-z_]{1,15}$", "^[a-z][a-z_]{1,7}$"


class ListedCode(models.Model):
    """One code of a list, with its words and the days on which it can be chosen (code).

    Its words never change, and a code that has ended is never given again: so what was recorded
    with it says the same for ever.
    """

    list = models.CharField(_("list"), max_length=10, choices=ListName)
    code = models.CharField(_("code"), max_length=16)
    dutch = models.CharField(_("in Dutch"), max_length=80)
    english = models.CharField(_("in English"), max_length=80)
    source = models.CharField(_("source"), max_length=300)
    valid = DateRangeField(_("holds from and until"))

    objects: ClassVar[ListedCodeQuerySet] = ListedCodeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("code of a list")
        constraints = [
            models.UniqueConstraint(fields=["list", "code"], name="code_is_in_a_list_once"),
            models.CheckConstraint(
                name="code_is_short_and_in_a_known_list",
                condition=Q(list__in=(ListName.GROUP, ListName.EXPERTISE), code__regex=CODE)
                | Q(list__in=(ListName.TYPE, ListName.FUNDER), code__regex=SHORT_CODE),
            ),
            models.CheckConstraint(
                name="code_has_words_in_both_languages_and_a_source",
                condition=~Q(dutch="") & ~Q(english="") & ~Q(source=""),
            ),
            models.CheckConstraint(name="code_has_a_first_day", condition=HAS_A_FIRST_DAY),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def words(self) -> str:
        return self.dutch if (get_language() or "nl")[:2] == "nl" else self.english
