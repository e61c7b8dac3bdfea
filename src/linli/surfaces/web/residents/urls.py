"""Addresses of the residents' own pages."""

from django.urls import path

from linli.surfaces.web.residents import views

app_name = "residents"
urlpatterns = [
    path("", views.home, name="home"),
    path("display/", views.display, name="display"),
]
