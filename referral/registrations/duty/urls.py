from django.urls import path

from referral.registrations.duty import views

app_name = "duty"
urlpatterns = [
    path("term/", views.term, name="term"),
    path("<uuid:pk>/", views.explain, name="explain"),
]
