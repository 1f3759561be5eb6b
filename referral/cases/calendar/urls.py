from django.urls import path

from referral.cases.calendar import views

app_name = "calendar"
urlpatterns = [path("", views.month, name="month")]
