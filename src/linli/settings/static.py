"""Static files with content hashes and compressed copies."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ForgivingManifestStorage(CompressedManifestStaticFilesStorage):
    """Serves the plain name of a file that was not collected, as in tests, instead of failing.

    Vendor style sheets refer to source maps that their packages do not ship.
    """

    manifest_strict = False

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        try:
            hashed: str = super().hashed_name(name, content, filename)
        except ValueError:  # the file is not there
            return name
        return hashed
