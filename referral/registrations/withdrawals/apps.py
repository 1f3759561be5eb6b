from django.apps import AppConfig


class WithdrawalsConfig(AppConfig):
    name = "referral.registrations.withdrawals"
    label = "withdrawals"
    default_auto_field = "django.db.models.BigAutoField"
