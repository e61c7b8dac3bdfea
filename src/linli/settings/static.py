"""Static files with content hashes and compressed copies, and what of the packages pages load."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import FileSystemFinder
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


# Of what the packages ship, only what pages load: to compress all of it takes many minutes.
VENDOR = {
    "vendor/tabler/css": ("@tabler/core/dist/css", {"tabler.min.css"}),
    "vendor/leaflet": ("leaflet/dist", {"leaflet.css", "leaflet.js"}),
    "vendor/leaflet/images": (
        "leaflet/dist/images",
        {"layers.png", "layers-2x.png", "marker-icon.png", "marker-icon-2x.png",
         "marker-shadow.png"},
    ),
    "vendor/markercluster": (
        "leaflet.markercluster/dist",
        {"leaflet.markercluster.js", "MarkerCluster.css"},
    ),
    "vendor/echarts": ("echarts/dist", {"echarts.simple.min.js"}),
}  # fmt: skip


def vendor_folders(node_modules: Path) -> list[tuple[str, Path]]:
    """Return the folders of packages for ``STATICFILES_DIRS``, those that are installed."""
    folders = ((prefix, node_modules / folder) for prefix, (folder, _) in VENDOR.items())
    return [(prefix, folder) for prefix, folder in folders if folder.is_dir()]


class VendorFinder(FileSystemFinder):
    """Finds in the packages' folders the files named in `VENDOR`, and no others."""

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        """Yield the files to collect, with where each is stored."""
        for name, storage in super().list(ignore_patterns or []):
            if self._is_loaded(storage.prefix, name):
                yield name, storage

    def find_location(self, root: str, path: str, prefix: str | None = None) -> str | None:
        """Return where a file lies; None for what pages do not load."""
        name = path.removeprefix(f"{prefix}/") if prefix else path
        return super().find_location(root, path, prefix) if self._is_loaded(prefix, name) else None

    def _is_loaded(self, prefix: str | None, name: str) -> bool:
        return prefix not in VENDOR or name in VENDOR[prefix][1]
