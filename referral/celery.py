"""The Celery application: it finds each room's tasks.py; the schedule stands in the settings."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "referral.settings")

app = Celery("baken")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
