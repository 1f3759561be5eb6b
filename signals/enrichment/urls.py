"""Findings and requests to partners."""

from django.urls import path

from signals.enrichment import views

app_name = "enrichment"
urlpatterns = [
    path("enrichment/", views.desk, name="desk"),
    path("enrichment/<uuid:pk>/amend/", views.amend, name="amend"),
    path("enrichment/<uuid:pk>/prolong/", views.prolong, name="prolong"),
    path("<uuid:pk>/enrich/", views.add, name="add"),
    path("<uuid:pk>/ask-partner/", views.ask, name="ask"),
    path("partner-requests/", views.to_us, name="to_us"),
    path("partner-requests/<uuid:pk>/", views.show, name="request"),
    path("partner-requests/<uuid:pk>/answer/", views.answer, name="answer"),
    path("partner-requests/<uuid:pk>/decline/", views.decline, name="decline"),
    path("partner-requests/<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("partner-requests/<uuid:pk>/take-over/", views.take_over, name="take_over"),
    path("partner-requests/<uuid:pk>/set-aside/", views.set_aside, name="set_aside"),
]
