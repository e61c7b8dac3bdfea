from django.apps import AppConfig


class CliConfig(AppConfig):
    name = "linli.surfaces.cli"
    label = "cli"

    def ready(self) -> None:
        from linli.settings.deployment import register_deployment_checks

        register_deployment_checks()
