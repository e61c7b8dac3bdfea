from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "linli.mechanisms.casework"
    label = "casework"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from linli.mechanisms.casework import indicators, procedure  # noqa: F401
        from linli.mechanisms.casework.exchanging import pushing, tasks  # noqa: F401
