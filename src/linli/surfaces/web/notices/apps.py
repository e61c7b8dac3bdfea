from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "linli.surfaces.web.notices"
    label = "web_notices"
