from django.apps import AppConfig


class TopicsConfig(AppConfig):
    name = "linli.surfaces.web.topics"
    label = "web_topics"

    def ready(self) -> None:
        from linli.surfaces.web.topics import panel  # noqa: F401
