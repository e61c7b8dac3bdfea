"""ASGI entry point."""

import os

from django.core.asgi import get_asgi_application

from linli.settings.utf8 import read_as_utf8_asynchronously

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
application = read_as_utf8_asynchronously(get_asgi_application())
