from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class SqlConfig(AppConfig):
    name = "linli.surfaces.sql"
    label = "sql"

    def ready(self) -> None:
        from linli.surfaces.sql.installing import after_migrations, before_migrations

        # No view may stand in the way of a migration; see docs/decisions/0016.
        pre_migrate.connect(before_migrations, sender=self)
        post_migrate.connect(after_migrations, sender=self)
