"""Addresses of a person's notices, and of the script that receives push messages."""

from django.urls import path

from linli.surfaces.web.notices import push, views

app_name = "notices"
urlpatterns = [
    path("notices/", views.show, name="inbox"),
    path("notices/read/", views.read_all, name="read_all"),
    path("notices/<uuid:uuid>/open/", views.open_notice, name="open"),
    path("notices/ways/", views.ways, name="ways"),
    path("notices/push/", push.subscribe_browser, name="subscribe"),
    path("notices/push/off/", push.unsubscribe_browser, name="unsubscribe"),
    path("notices/stop/<str:token>/", views.stop_email, name="stop_email"),
    path("sw.js", push.service_worker, name="service_worker"),
]
