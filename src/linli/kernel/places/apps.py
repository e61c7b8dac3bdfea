from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "linli.kernel.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"
