"""WSGI entry point."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from linli.settings.utf8 import read_as_utf8

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
application = read_as_utf8(get_wsgi_application())

# Everything is loaded now and stays. The collector would go through it again and again, and each
# time every request of the process would wait for a tenth of a second.
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
