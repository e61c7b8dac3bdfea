from django.apps import AppConfig


class WhistlesConfig(AppConfig):
    name = "linli.surfaces.web.whistles"
    label = "web_whistles"

    def ready(self) -> None:
        from linli.surfaces.web.whistles import panel  # noqa: F401
