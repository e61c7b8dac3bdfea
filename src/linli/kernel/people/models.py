"""Who people are: the account, the key that guards their data, and each look at it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.identifiers import new_uuid


class PersonManager(BaseUserManager["Person"]):
    """Creates accounts and guests."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(username__iexact=username)

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Person:
        """Create an account that signs in with ``username``."""
        person = self.model(username=username, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> Person:
        """Create an administrator of the installation: what Django's own command asks for."""
        return self.create_user(username, password, is_administrator=True, **fields)

    def create_guest(self, **fields: Any) -> Person:
        """Create someone who reports without an account and returns by a secret link."""
        uuid = new_uuid()
        person = self.model(uuid=uuid, username=f"guest-{uuid.hex}", is_guest=True, **fields)
        person.set_unusable_password()
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Anyone who acts in Linli: a resident, a worker, a guest with a secret link.

    Names, telephone numbers and addresses are not here: they are `Contact` values, encrypted.
    ``display_name`` is what the person chose to be called in public, or the staff name.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    username = models.CharField(_("user name"), max_length=80, unique=True)
    display_name = models.CharField(_("shown name"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    large_type = models.BooleanField(_("large type"), default=False)
    is_active = models.BooleanField(default=True)  # type: ignore[misc]
    is_guest = models.BooleanField(default=False)
    is_administrator = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(null=True, blank=True)

    # No e-mail field: addresses are encrypted contacts, found by a blind index.
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = PersonManager()

    class Meta:
        indexes = [models.Index(fields=["display_name"])]

    def __str__(self) -> str:
        return self.display_name or str(_("Resident"))

    def get_full_name(self) -> str:
        return str(self)


class PersonKey(models.Model):
    """The key that encrypts one person's values, itself wrapped with the master key.

    Deleting it makes every value unreadable for ever (PIPL art. 47) while events stay.
    """

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="key")
    wrapped = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"key of {self.person_id}"


class Contact(models.Model):
    """One personal value of a person: real name, telephone, e-mail, address, device."""

    class Kind(models.TextChoices):
        NAME = "name", _("Name")
        PHONE = "phone", _("Telephone")
        EMAIL = "email", _("E-mail")
        ADDRESS = "address", _("Address")

    person = models.ForeignKey(Person, models.CASCADE, related_name="contacts")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    ciphertext = models.BinaryField()
    # Keyed hash, so that a telephone number can be found without being readable.
    blind_index = models.CharField(max_length=64, db_index=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="one_contact_of_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}"


class ContactReveal(models.Model):
    """Who looked at whose contact data, when and why; shown to the person."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="reveals")
    kind = models.CharField(max_length=10, choices=Contact.Kind.choices)
    revealed_to = models.ForeignKey(Person, models.PROTECT, related_name="+")
    matter = models.ForeignKey("matters.Matter", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id} to {self.revealed_to_id}"


class ContactCode(models.Model):
    """A code sent to a telephone number or e-mail address; who types it back has the contact.

    Only its keyed hash is kept. One of a purpose at a time: a new one replaces the one before.
    """

    class Purpose(models.TextChoices):
        VERIFY = "verify"
        RESET = "reset"

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="codes")
    purpose = models.CharField(max_length=6, choices=Purpose.choices)
    digest = models.CharField(max_length=64, blank=True)  # empty until it was sent
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contact", "purpose"], name="one_code_of_a_purpose")
        ]

    def __str__(self) -> str:
        return f"code for contact {self.contact_id}"
