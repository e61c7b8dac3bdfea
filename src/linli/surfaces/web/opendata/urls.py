"""Addresses of open data on the workbench."""

from django.urls import path

from linli.surfaces.web.opendata import views

app_name = "opendata_desk"
urlpatterns = [
    path("open-data/", views.show, name="show"),
    path("open-data/prepare/", views.make, name="prepare"),
    path("open-data/<uuid:uuid>/", views.release, name="release"),
    path("open-data/<uuid:uuid>/decide/", views.decide, name="decide"),
    path("open-data/<uuid:uuid>/correct/", views.correction, name="correct"),
]
