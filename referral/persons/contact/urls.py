"""How a person can be reached without danger."""

from django.urls import path

from referral.persons.contact import views

app_name = "contact"
urlpatterns = [path("", views.contact, name="contact")]
