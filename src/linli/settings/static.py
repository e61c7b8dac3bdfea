"""Static files with content hashes and compressed copies."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ForgivingManifestStorage(CompressedManifestStaticFilesStorage):
    """Serves the plain name of a file that was not collected, as in tests, instead of failing.

    Vendor style sheets refer to source maps that their packages do not ship.
    """

    manifest_strict = False
