"""Addresses of open data for everyone."""

from django.urls import path

from linli.mechanisms.casework.opendata import views

app_name = "opendata"
urlpatterns = [
    path("open-data/", views.show, name="show"),
    path("open-data/files/<str:name>", views.download, name="download"),
]
