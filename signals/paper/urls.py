from django.urls import path

from signals.paper import views

app_name = "paper"
urlpatterns = [path("<uuid:pk>/print/", views.print_signal, name="print")]
