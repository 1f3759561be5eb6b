from django.urls import path

from referral.registrations.withdrawals import views

app_name = "withdrawals"
urlpatterns = [
    path("withdrawals/", views.waiting, name="waiting"),
    path("<uuid:pk>/withdrawal/", views.requests, name="requests"),
]
