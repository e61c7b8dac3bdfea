from django.apps import AppConfig


class MonthlyTopicsConfig(AppConfig):
    name = "linli.mechanisms.casework.monthly_topics"
    label = "monthly_topics"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from linli.mechanisms.casework.monthly_topics import procedure, reports  # noqa: F401
