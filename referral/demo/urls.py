from django.urls import path

from referral.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.door, name="door"),
    path("<slug:slug>/", views.enter, name="enter"),
]
