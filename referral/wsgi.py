"""The web application. It refuses to start where a house rule is broken."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "referral.settings")

application = get_wsgi_application()

from django.db import connection  # noqa: E402 -- apps must be ready
from django.urls import get_resolver  # noqa: E402

from referral.checks import refuse_to_start_when_unsafe  # noqa: E402

refuse_to_start_when_unsafe()
connection.close()  # each worker opens its own

# What is read by now stays: looking through it for waste would halt a visit now and then.
get_resolver().url_patterns  # noqa: B018 -- reads every page, for which the first visitor would wait
gc.collect()
gc.freeze()
