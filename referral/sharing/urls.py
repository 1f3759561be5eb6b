from django.urls import path

from referral.sharing import views

app_name = "sharing"
urlpatterns = [
    path("of/<uuid:person>/", views.consents, name="consents"),
    path("<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
]
