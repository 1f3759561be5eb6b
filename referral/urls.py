"""Every door of the house; each room hangs its own urls.py here."""

from django.conf import settings
from django.urls import include, path
from django.views.i18n import set_language

from referral import views
from referral.access.doors import open_to_public
from referral.cases.unsent.models import Kind
from referral.cases.unsent.views import keeps
from signals.views import deepening

urlpatterns = [
    path("", views.start, name="start"),
    path("home/", views.home, name="home"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("health/", views.health, name="health"),
    path("language/setlang/", open_to_public(set_language), name="set_language"),
    path("accounts/", include("allauth.urls")),
    path("v1/", include("referral.api")),
    path("people/systems/<uuid:pk>/webhook/", include("signals.webhooks.urls")),
    path("people/", include("referral.people.urls")),
    path("", include("referral.oversight.urls")),
    path("geography/", include("referral.geography.urls")),
    path("indicators/", deepening.library, name="indicators"),
    path("signals/", include("signals.urls")),
    path("tip/", include("signals.tips.urls")),
    path("persons/<uuid:pk>/contact/", include("referral.persons.contact.urls")),
    path("persons/", include("referral.persons.merging.urls")),
    path("registrations/", include("referral.registrations.urls")),
    path("consents/", include("referral.sharing.urls")),
    path("may-i-share/", include("referral.sharing.matrix.urls")),
    path("residence/", include("referral.residence.urls")),
    # The pages with the parts of every room stand before the room's own.
    path("cases/<uuid:pk>/", keeps(Kind.NOTE)(views.case_file), name="case_file"),
    path("cases/print/<uuid:pk>/", views.print_case, name="print_case"),
    path("cases/", include("referral.cases.urls")),
    path("rights/", include("referral.rights.urls")),
    path("shelters/", include("shelters.urls")),
    path("retention/", include("referral.retention.urls")),
    path("terms/", include("referral.terms.urls")),
    path("releases/", include("reporting.urls")),
    path("dashboard/", include("municipalities.urls")),
]
if settings.DEMO:  # one-click sign-in: outside a demo this door is not there
    urlpatterns.append(path("demo/", include("referral.demo.urls")))

handler400 = "referral.views.bad_request"
handler403 = "referral.views.forbidden"
handler404 = "referral.views.not_found"
handler500 = "referral.views.server_error"
