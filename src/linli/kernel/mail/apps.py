from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "linli.kernel.mail"
    label = "mail"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from linli.kernel.background.chores import also_do
        from linli.kernel.mail import own_data  # noqa: F401
        from linli.kernel.mail.aside import delete_old, reseal_letters
        from linli.kernel.mail.mailboxes import reseal_passwords
        from linli.kernel.people.key_rotation import also

        also("mail", lambda: reseal_passwords() + reseal_letters())
        also_do("deleting refused e-mail", 3600.0, delete_old)
