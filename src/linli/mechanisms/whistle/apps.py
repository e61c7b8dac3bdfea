from django.apps import AppConfig


class WhistleConfig(AppConfig):
    name = "linli.mechanisms.whistle"
    label = "whistle"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from linli.mechanisms.whistle import indicators, procedure  # noqa: F401
