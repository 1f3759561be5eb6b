"""One table of a mapping, read key by key: every mistake is a sentence that names the whole key."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from referral.lib.refusals import Refused

Value = str | bool


class LayoutRefused(Refused):
    """A mapping that cannot be used; the sentence names the key or the line."""


def missing(key: str) -> LayoutRefused:
    return LayoutRefused(_("%s: this is missing.") % key)


class Table:
    """A table of the document, that names the whole key in every sentence."""

    def __init__(self, key: str, said: Mapping[str, Any]) -> None:
        self.key, self.said = key, said

    def __contains__(self, name: str) -> bool:
        return name in self.said

    def __bool__(self) -> bool:
        return bool(self.said)

    def name(self, name: str) -> str:
        return f"{self.key}.{name}" if self.key else name

    def get(self, name: str, *, default: Any) -> Any:
        return self.said.get(name, default)

    def allow(self, *names: str) -> None:
        for name in self.said:
            if name not in names:
                raise LayoutRefused(
                    _("%(key)s: there is no such field. Here one can write: %(known)s.")
                    % {"key": self.name(name), "known": ", ".join(names)}
                )

    def one_of(self, *names: str) -> None:
        given = [self.name(name) for name in names if name in self]
        if len(given) > 1:
            raise LayoutRefused(_("%s fill the same field; choose one.") % _(" and ").join(given))
        if self and not given:
            raise missing(_(" or ").join(map(self.name, names)))

    def refuse(self, *names: str, beside: str) -> None:
        for name in names:
            if name in self:
                raise LayoutRefused(
                    _("%(key)s: this means nothing beside %(other)s.")
                    % {"key": self.name(name), "other": self.name(beside)}
                )

    def table(self, name: str) -> Table:
        return Table(self.name(name), self._of(name, dict, {}, _("write a table")))

    def text(self, name: str, *, required: bool = False, longest: int = 120) -> str:
        found: str = self._of(name, str, "", _("write a text"))
        if required and not found.strip():
            raise missing(self.name(name))
        if len(found) > longest:
            raise LayoutRefused(
                _("%(key)s: use at most %(most)s characters.")
                % {"key": self.name(name), "most": longest}
            )
        return found

    def whole(self, name: str, *, lowest: int, highest: int = 30_000) -> int | None:
        found = self.get(name, default=None)
        if found is None:
            return None
        if not isinstance(found, int) or isinstance(found, bool) or not lowest <= found <= highest:
            raise LayoutRefused(
                _("%(key)s: write a whole number from %(lowest)s to %(highest)s.")
                % {"key": self.name(name), "lowest": lowest, "highest": highest}
            )
        return found

    def words(self, name: str) -> list[str]:
        found: list[object] = self._of(name, list, [], _("write a list of texts"))
        if not all(isinstance(one, str) for one in found):
            raise LayoutRefused(f"{self.name(name)}: {_('write a list of texts')}.")
        return [str(one) for one in found]

    def pairs(self, name: str) -> dict[str, str]:
        table = self.table(name)
        return {key: table.text(key, required=True) for key in table.said}

    def choice(self, name: str, known: Sequence[str], default: str) -> str:
        return self.known(name, known, default)

    def known(self, name: str, known: Collection[str], default: str = "") -> str:
        found = self.text(name)
        if found and found not in known:
            raise LayoutRefused(
                _("%(key)s: a signal knows no “%(value)s”; it knows %(known)s.")
                % {"key": self.name(name), "value": found, "known": ", ".join(map(repr, known))}
            )
        return found or default

    def codes(self, name: str, known: Collection[str]) -> dict[str, Value]:
        table = self.table(name)
        if not table:
            raise missing(self.name(name))
        return {key: table.known(key, known) for key in table.said}

    def _of(self, name: str, kind: type, default: Any, otherwise: str) -> Any:
        found = self.said.get(name, default)
        if not isinstance(found, kind):
            raise LayoutRefused(f"{self.name(name)}: {otherwise}.")
        return found
