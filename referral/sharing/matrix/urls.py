from django.urls import path

from referral.sharing.matrix import views

app_name = "matrix"
urlpatterns = [
    path("", views.may_i_share, name="may_i_share"),
    path("rules/", views.rules, name="rules"),
    path("rules/new/", views.add, name="add"),
    path("rules/<slug:code>/", views.rule, name="rule"),
]
