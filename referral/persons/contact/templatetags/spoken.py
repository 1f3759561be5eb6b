"""A language by its name."""

from django import template
from django.utils.translation import get_language

from referral.lib import countries

register = template.Library()


@register.filter
def language_name(code: str) -> str:
    """The name of a language in that of the page."""
    page = "nl" if (get_language() or "nl").startswith("nl") else "en"
    return countries.languages(page).get(code, code)
