from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "linli.surfaces.web"
    label = "web"
