from django.apps import AppConfig


class CliConfig(AppConfig):
    name = "linli.surfaces.cli"
    label = "cli"
