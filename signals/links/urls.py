"""The picture of what surrounds a signal, and the deeds that link two."""

from django.urls import path

from signals.links import views

app_name = "links"
urlpatterns = [
    path("links/weights/", views.weights, name="weights"),
    path("<uuid:pk>/links/", views.graph, name="graph"),
    path("<uuid:pk>/links/new/", views.link, name="link"),
    path("<uuid:pk>/links/<uuid:other>/dismiss/", views.dismiss, name="dismiss"),
    path("<uuid:pk>/links/<uuid:link>/end/", views.end, name="end"),
]
