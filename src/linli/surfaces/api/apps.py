from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "linli.surfaces.api"
    label = "api"
