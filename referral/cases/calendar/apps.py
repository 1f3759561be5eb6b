from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "referral.cases.calendar"
    label = "calendar"
