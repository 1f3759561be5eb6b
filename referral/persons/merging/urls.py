"""A person's own page, and the merges of two."""

from django.urls import path

from referral.persons.merging import views

app_name = "persons"
urlpatterns = [
    path("merges/", views.merges, name="merges"),
    path("merges/<uuid:pk>/", views.merge, name="merge"),
    path("<uuid:pk>/", views.person, name="person"),
    path("<uuid:pk>/merge/<uuid:other>/", views.propose, name="propose"),
]
