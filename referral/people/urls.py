from django.urls import path

from referral.people import views

app_name = "people"
urlpatterns = [
    path("role/", views.choose_role, name="choose_role"),
    path("members/", views.members, name="members"),
    path("members/<int:pk>/end/", views.end, name="end"),
    path("organisations/", views.organisations, name="organisations"),
]
