from django.urls import path

from referral.cases.regions import views

app_name = "regions"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("<str:code>/", views.capacity, name="capacity"),
]
