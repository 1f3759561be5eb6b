"""The web application. It refuses to start where a house rule is broken."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "referral.settings")

application = get_wsgi_application()

from django.db import connection  # noqa: E402 -- apps must be ready

from referral.checks import refuse_to_start_when_unsafe  # noqa: E402

refuse_to_start_when_unsafe()
connection.close()  # each worker opens its own
