"""What the page of a new signal sends along about its draft, and to whom a draft goes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm, typed
from referral.lib.ids import uuid7
from referral.organisations.models import Membership
from signals.drafts.actions import colleagues

NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Sending:
    """A page that was sent, as a draft: which one, which version it showed, and what was typed."""

    pk: UUID
    version: int
    answers: dict[str, list[str]]

    @classmethod
    def of(cls, data: QueryDict) -> Sending:
        version = data.get("version", "")
        return cls(
            pk=draft_key(data.get("draft", "")) or uuid7(),
            version=int(version) if NUMBER.fullmatch(version) else 0,
            answers=typed(data),
        )


def draft_key(said: str) -> UUID | None:
    """The number of a draft as an address or a page says it; None for what is none."""
    try:
        return UUID(said)
    except ValueError:
        return None


class HandOverForm(HouseForm):
    """To which colleague the draft goes."""

    to = forms.ChoiceField(label=_("Colleague"))

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.there = {str(one.pk): one for one in colleagues(member, at=timezone.now())}
        choices = [(pk, str(one.user)) for pk, one in self.there.items()]
        self.fields["to"] = forms.ChoiceField(
            label=_("Colleague"), choices=[("", _("Choose")), *choices]
        )

    def colleague(self) -> Membership:
        return self.there[self.cleaned_data["to"]]
