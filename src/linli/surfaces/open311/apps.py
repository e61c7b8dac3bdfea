from django.apps import AppConfig


class Open311Config(AppConfig):
    name = "linli.surfaces.open311"
    label = "open311"
