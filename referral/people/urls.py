from django.urls import path

from referral.people import views

app_name = "people"
urlpatterns = [
    path("role/", views.choose_role, name="choose_role"),
    path("members/", views.members, name="members"),
    path("members/<int:pk>/end/", views.end, name="end"),
    path("systems/", views.clients, name="clients"),
    path("systems/<uuid:pk>/", views.client, name="client"),
    path("systems/<uuid:pk>/end/", views.end_system, name="end_client"),
    path("systems/<uuid:pk>/keys/<int:key>/end/", views.end_key, name="end_key"),
    path("organisations/", views.organisations, name="organisations"),
]
