from django.urls import include, path

from referral.registrations import views

app_name = "registrations"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("new/", views.submit, name="submit"),
    path("duty/", include("referral.registrations.duty.urls")),
    path("", include("referral.registrations.corrections.urls")),
    path("queue/", views.queue, name="queue"),
    path("<uuid:pk>/", views.registration, name="registration"),
    path("<uuid:pk>/identity/", views.identity, name="identity"),
    path("<uuid:pk>/resubmit/", views.resubmit, name="resubmit"),
    path("<uuid:pk>/raise/", views.raise_, name="raise"),
    path("<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<uuid:pk>/return/", views.return_, name="return"),
    path("<uuid:pk>/complete/", views.complete, name="complete"),
]
