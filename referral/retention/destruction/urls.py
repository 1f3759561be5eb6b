from django.urls import path

from referral.retention.destruction import views

app_name = "destruction"
urlpatterns = [
    path("", views.lists, name="lists"),
    path("signals/<uuid:pk>/hold/", views.hold, name="hold"),
    path("holds/<uuid:pk>/lift/", views.lift, name="lift"),
    path("<uuid:pk>/", views.one_list, name="list"),
    path("<uuid:pk>/<slug:goal>/", views.move, name="move"),
]
