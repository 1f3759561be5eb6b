from django.urls import include, path

from referral.registrations import views
from referral.registrations.corrections.views import corrections_part
from referral.registrations.duplicates.views import link_part
from referral.registrations.withdrawals.views import withdrawal_part

#: What the rooms inside add to the page of a registration.
PARTS = {"parts": (corrections_part, link_part, withdrawal_part)}

app_name = "registrations"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("new/", views.submit, name="submit"),
    path("duty/", include("referral.registrations.duty.urls")),
    path("", include("referral.registrations.corrections.urls")),
    path("", include("referral.registrations.duplicates.urls")),
    path("", include("referral.registrations.withdrawals.urls")),
    path("queue/", views.queue, name="queue"),
    path("<uuid:pk>/", views.registration, PARTS, name="registration"),
    path("<uuid:pk>/identity/", views.identity, PARTS, name="identity"),
    path("<uuid:pk>/resubmit/", views.resubmit, name="resubmit"),
    path("<uuid:pk>/raise/", views.raise_, name="raise"),
    path("<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<uuid:pk>/return/", views.return_, name="return"),
    path("<uuid:pk>/complete/", views.complete, name="complete"),
]
