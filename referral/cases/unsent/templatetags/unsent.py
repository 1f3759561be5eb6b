"""What another window kept of the form on the page."""

from django import template
from django.forms import Form

from referral.cases.unsent.views import KeptForm

register = template.Library()


@register.filter
def elsewhere(kept: KeptForm, form: Form) -> list[tuple[str, str]]:
    return kept.elsewhere(form)
