"""Extracts that are sent, and that come in."""

from django.urls import path

from signals.forwarding import views

app_name = "forwarding"
urlpatterns = [
    path("forwarded/", views.sent, name="sent"),
    path("<uuid:pk>/forward/", views.send, name="send"),
    path("extracts/", views.received, name="received"),
    path("extracts/<uuid:pk>/", views.show, name="extract"),
    path("extracts/<uuid:pk>/pdf/", views.pdf, name="pdf"),
    path("extracts/<uuid:pk>/open/", views.open_it, name="open"),
    path("extracts/<uuid:pk>/recall/", views.recall, name="recall"),
    path("extracts/<uuid:pk>/feedback/", views.feedback, name="feedback"),
]
