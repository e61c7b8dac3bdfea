from django.apps import AppConfig


class OpenDataDeskConfig(AppConfig):
    name = "linli.surfaces.web.opendata"
    label = "web_opendata"
