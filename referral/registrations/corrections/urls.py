from django.urls import path

from referral.registrations.corrections import views

app_name = "corrections"
urlpatterns = [
    path("corrections/", views.waiting, name="waiting"),
    path("<uuid:pk>/corrections/", views.chain, name="chain"),
    path("<uuid:pk>/correct/", views.correct, name="correct"),
]
