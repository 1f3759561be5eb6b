"""Controls of forms written in one go.

Django's own templates include a template for each option and one more for its attributes; for
a list of all municipalities that takes longer than the rest of the page.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.forms.utils import flatatt
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def attributes(attrs: dict[str, Any]) -> SafeString:
    """The attributes of a control, with a blank before each; what is False or None is left out."""
    return flatatt(attrs) if attrs else SafeString()


@register.filter
def options(groups: Iterable[tuple[str | None, Iterable[Mapping[str, Any]], int]]) -> SafeString:
    """The options of a select, in the groups that its widget makes of its choices."""
    written = []
    for label, choices, _index in groups:
        inside = "".join(
            f'<option value="{escape(str(one["value"]))}"{attributes(one["attrs"])}>'
            f"{escape(one['label'])}</option>\n"
            for one in choices
        )
        grouped = f'<optgroup label="{escape(label)}">\n{inside}</optgroup>\n'
        written.append(grouped if label else inside)
    return mark_safe("".join(written))  # noqa: S308 -- each part is escaped
