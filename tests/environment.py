"""What the settings read, set before they are read: a folder of the tests' own, and keys.

Loaded as a plugin: pytest-django reads the settings before any conftest is imported.

Property tests draw the same examples in every run, so that a change is judged by itself;
`make search` draws others, many, to find what nobody has thought of yet.
"""

from __future__ import annotations

import os
import tempfile

from hypothesis import settings

os.environ.setdefault("LINLI_DATA", tempfile.mkdtemp(prefix="linli-tests-"))
os.environ.setdefault("LINLI_SECRET_KEY", "for-tests-only")
os.environ.setdefault("LINLI_MASTER_KEY", "for-tests-only-too")

settings.register_profile("repeatable", derandomize=True, database=None, deadline=None)
settings.register_profile("searching", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("LINLI_EXAMPLES", "repeatable"))
