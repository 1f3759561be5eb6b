"""Where the desk asks a proposal for everybody who waits, and keeps the eligibility rules."""

from django.urls import path

from shelters.matching.views import places

app_name = "matching"
urlpatterns = [
    path("rules/", places.rules, name="rules"),
    path("propose/", places.propose, name="propose"),
    path("lines/<uuid:pk>/", places.decide, name="decide"),
    path("<uuid:pk>/", places.proposal, name="proposal"),
]
