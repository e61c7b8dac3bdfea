from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "linli.kernel.organisations"
    label = "organisations"
    default_auto_field = "django.db.models.BigAutoField"
