from django.apps import AppConfig


class WebPapersConfig(AppConfig):
    name = "linli.surfaces.web.papers"
    label = "web_papers"

    def ready(self) -> None:
        from linli.surfaces.web.papers import offering  # noqa: F401
