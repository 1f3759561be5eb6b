"""The Celery application: it finds each room's tasks.py, and when the clock calls which of them."""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "referral.settings")

app = Celery("baken")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

SCHEDULE: dict[str, dict[str, Any]] = {
    "send notices again": {"task": "referral.notices.tasks.relay", "schedule": 5.0},
    "tell systems of partners": {
        "task": "signals.webhooks.tasks.push",
        "schedule": 5.0,
        "options": {"expires": 5.0},  # a round that did not begin in time is the next one
    },
    "clear old messages to systems": {
        "task": "signals.webhooks.tasks.clear",
        "schedule": crontab(hour=3, minute=20),
    },
    "forget answers that were given": {
        "task": "referral.access.tasks.clear",
        "schedule": crontab(hour=3, minute=30),
    },
    "seal the audit trail": {"task": "referral.audit.tasks.seal", "schedule": 5.0},
    "make audit partitions": {
        "task": "referral.audit.tasks.make_partitions",
        "schedule": crontab(hour=3, minute=10),
    },
    "anchor the audit trail": {
        "task": "referral.audit.tasks.anchor",
        "schedule": crontab(hour=6, minute=0),
    },
    "verify the audit trail": {
        "task": "referral.oversight.tasks.verify",
        "schedule": crontab(hour=4, minute=0),
    },
    "take up imports that stopped": {"task": "signals.tasks.resume_imports", "schedule": 60.0},
    "make attachments anew": {
        "task": "signals.attachments.tasks.sweep_attachments",
        "schedule": 60.0,
    },
    "make documents anew": {
        "task": "referral.cases.documents.tasks.sweep_documents",
        "schedule": 60.0,
    },
    "keep the terms of drafts": {
        "task": "signals.drafts.tasks.keep_terms",
        "schedule": crontab(minute=20),
    },
    "keep the terms of signals": {"task": "signals.tasks.keep_terms", "schedule": 300.0},
    "keep the terms of the deliberation": {
        "task": "signals.deliberation.tasks.keep_terms",
        "schedule": 300.0,
    },
    "keep the terms of enrichment": {
        "task": "signals.enrichment.tasks.keep_terms",
        "schedule": 300.0,
    },
    "keep the terms of forwarding": {
        "task": "signals.forwarding.tasks.keep_terms",
        "schedule": 300.0,
    },
    "keep the terms of residence": {
        "task": "referral.residence.tasks.keep_terms",
        "schedule": crontab(minute=10),
    },
    "tell of stays that last long or end": {
        "task": "shelters.stays.tasks.keep_terms",
        "schedule": crontab(hour=7, minute=50),
    },
    "keep the terms of handoffs": {
        "task": "referral.cases.tasks.keep_handoff_terms",
        "schedule": 300.0,
    },
    "keep the terms of sharing": {
        "task": "referral.cases.referrals.tasks.keep_terms",
        "schedule": 300.0,
    },
    "tell of late verdicts on emergency access": {
        "task": "referral.cases.emergency.tasks.keep_terms",
        "schedule": crontab(minute=40),
    },
    "put what is due for erasure on the list": {
        "task": "referral.retention.tasks.review",
        "schedule": crontab(hour=3, minute=20),
    },
    "put what is due for destruction on lists": {
        "task": "referral.retention.destruction.tasks.review",
        "schedule": crontab(hour=3, minute=40),
    },
    "keep the terms of requests of persons": {
        "task": "referral.rights.tasks.keep_terms",
        "schedule": crontab(hour=6, minute=50),
    },
    "forget forms of care that were not sent": {
        "task": "referral.cases.unsent.tasks.keep_terms",
        "schedule": crontab(hour=3, minute=50),
    },
    "keep the terms of planning": {
        "task": "referral.cases.planning.tasks.keep_terms",
        "schedule": 300.0,
    },
    "tell of suggested links": {"task": "signals.links.tasks.tell_handlers", "schedule": 3600.0},
    "tell of links of new signals": {
        "task": "signals.links.tasks.tell_of_new_keys",
        "schedule": 10.0,
    },
    "call the next in line": {"task": "signals.routing.tasks.keep_watch", "schedule": 20.0},
    "index what changed": {"task": "signals.search.tasks.index_changes", "schedule": 5.0},
    "remind officers to register": {
        "task": "referral.registrations.duty.tasks.remind",
        "schedule": 300.0,
    },
    "end bed locks": {"task": "shelters.tasks.expire_reservations", "schedule": 60.0},
    "take up silent proposals": {"task": "shelters.matching.tasks.resume", "schedule": 60.0},
    "take up silent releases": {"task": "reporting.tasks.resume", "schedule": 60.0},
    "compute the quarterly release": {
        "task": "reporting.tasks.compute_quarter",
        "schedule": crontab(day_of_month="5", month_of_year="1,4,7,10", hour=2, minute=0),
    },
}
app.conf.beat_schedule = SCHEDULE
