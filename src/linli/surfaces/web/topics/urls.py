"""Addresses of hot topics and topics of the month on the workbench."""

from django.urls import path

from linli.surfaces.web.topics import months, views

app_name = "topics"
urlpatterns = [
    path("topics/", views.show, name="show"),
    path("topics/months/", months.show, name="months"),
    path("topics/months/new/", months.new, name="new"),
    path("topics/<uuid:uuid>/", views.topic, name="topic"),
    path("topics/<uuid:uuid>/points.json", views.points, name="points"),
    path("topics/<uuid:uuid>/hide/", views.hide, name="hide"),
    path("topics/<uuid:uuid>/show/", views.show_again, name="show_again"),
    path("topics/<uuid:uuid>/<slug:number>/take-out/", views.take_out, name="take_out"),
    path("topics/<uuid:uuid>/<slug:number>/put-back/", views.put_back, name="put_back"),
]
