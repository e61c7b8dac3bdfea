from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "linli.kernel.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import post_delete, post_save

        from linli.kernel.places.boundaries import note_change

        for signal in (post_save, post_delete):
            signal.connect(note_change, sender="places.Area", dispatch_uid="places.boundaries")
