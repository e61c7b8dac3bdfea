from django.apps import AppConfig


class HotTopicsConfig(AppConfig):
    name = "linli.mechanisms.casework.hot_topics"
    label = "hot_topics"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from linli.kernel.background.chores import also_do
        from linli.mechanisms.casework.hot_topics.nights import begin_nights

        also_do("beginning the nightly count of hot topics", 900.0, begin_nights)
