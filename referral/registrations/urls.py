from django.urls import path

from referral.registrations import views

app_name = "registrations"
urlpatterns = [
    path("<uuid:pk>/", views.registration, name="registration"),
]
