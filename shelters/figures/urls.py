from django.urls import path

from shelters.figures import views

app_name = "figures"
urlpatterns = [path("", views.figures, name="quarter")]
