from django.urls import path

from referral.cases.family import views

app_name = "family"
urlpatterns = [
    path("of/<uuid:pk>/", views.link, name="link"),
    path("<uuid:pk>/end/", views.end, name="end"),
]
