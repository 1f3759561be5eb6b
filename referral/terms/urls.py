from django.urls import path

from referral.terms import views

app_name = "terms"
urlpatterns = [path("", views.all_terms, name="all")]
