"""The geography room as a Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GeographyConfig(AppConfig):
    """Municipalities, regions and provinces (gebiedsindelingen)."""

    name = "referral.geography"
    label = "geography"
    verbose_name = _("geography")
    default_auto_field = "django.db.models.BigAutoField"
