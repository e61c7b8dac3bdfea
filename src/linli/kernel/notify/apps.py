from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "linli.kernel.notify"
    label = "notify"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from linli.kernel.notify import fan_out  # noqa: F401 - subscribes to events
        from linli.kernel.notify.endpoints import reseal_secrets
        from linli.kernel.people.key_rotation import also

        also("webhooks", reseal_secrets)
