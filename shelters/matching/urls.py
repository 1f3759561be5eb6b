"""Where the desk asks a proposal for everybody who waits, and keeps the eligibility rules."""

from django.urls import path

from shelters.matching import views

app_name = "matching"
urlpatterns = [
    path("rules/", views.rules, name="rules"),
    path("propose/", views.propose, name="propose"),
    path("lines/<uuid:pk>/", views.decide, name="decide"),
    path("<uuid:pk>/", views.proposal, name="proposal"),
]
