"""What the settings read, set before they are read: a folder of the tests' own, and keys.

Loaded as a plugin: pytest-django reads the settings before any conftest is imported.
"""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("LINLI_DATA", tempfile.mkdtemp(prefix="linli-tests-"))
os.environ.setdefault("LINLI_SECRET_KEY", "for-tests-only")
os.environ.setdefault("LINLI_MASTER_KEY", "for-tests-only-too")
