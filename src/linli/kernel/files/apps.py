from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "linli.kernel.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
