from django.urls import path

from reporting import views

app_name = "reporting"
urlpatterns = [
    path("", views.releases, name="releases"),
    path("<uuid:pk>/", views.release_page, name="release"),
    path("<uuid:pk>/propose/", views.propose, name="propose"),
    path("<uuid:pk>/approve/", views.approve, name="approve"),
    path("<uuid:pk>/return/", views.give_back, name="return"),
    path("<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("files/<uuid:pk>/", views.artefact, name="artefact"),
]
