from django.urls import path

from referral.registrations.duplicates import views

app_name = "duplicates"
urlpatterns = [
    path("<uuid:pk>/same-person/", views.links, name="links"),
    path("same-person/<uuid:pk>/undo/", views.undo, name="undo"),
]
