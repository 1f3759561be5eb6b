from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from referral.access.idempotency import new_key

register = template.Library()


@register.simple_tag(takes_context=True)
def idempotency_key(context: template.Context) -> SafeString:
    """The hidden key by which a form that is sent twice is done once.

    A form that comes back with errors keeps the key it was sent with.
    """
    sent = context["request"].POST.get("idempotency_key", "")[:64]
    return format_html('<input type="hidden" name="idempotency_key" value="{}">', sent or new_key())
