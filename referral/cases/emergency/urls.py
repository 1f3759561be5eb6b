from django.urls import path

from referral.cases.emergency import views

app_name = "emergency"
urlpatterns = [
    path("", views.list_emergencies, name="list"),
    path("open/", views.open_file, name="open"),
    path("<uuid:pk>/", views.access, name="access"),
    path("<uuid:pk>/end/", views.end, name="end"),
]
