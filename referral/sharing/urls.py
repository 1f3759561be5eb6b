from django.urls import path

from referral.sharing import views

app_name = "sharing"
urlpatterns = [
    path("<uuid:person>/", views.consents, name="consents"),
]
