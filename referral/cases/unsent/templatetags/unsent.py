"""What another window kept of the form on the page, and what it sends while nobody typed."""

from django import template
from django.forms import Form

from referral.access.forms import sends_untouched, sign_of
from referral.cases.unsent.views import KeptForm

register = template.Library()


@register.filter
def elsewhere(kept: KeptForm, form: Form) -> list[tuple[str, str]]:
    return kept.elsewhere(form)


@register.filter
def untouched(form: Form) -> str:
    """The sign of a form that goes on with nothing; of any other it is empty."""
    return "" if form.is_bound else sign_of(sends_untouched(form))
