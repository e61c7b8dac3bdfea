from django.apps import AppConfig


class OpenDataConfig(AppConfig):
    name = "linli.mechanisms.casework.opendata"
    label = "opendata"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from linli.kernel.background.chores import also_do
        from linli.mechanisms.casework.opendata.preparing import prepare_due

        also_do("preparing open data of closed periods", 3600.0, prepare_due)
