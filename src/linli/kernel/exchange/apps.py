from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "linli.kernel.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from linli.kernel.exchange.endpoints import reseal_keys
        from linli.kernel.people.key_rotation import also

        also("open311", reseal_keys)
