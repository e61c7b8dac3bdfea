"""A model as bytes and back: numbers and texts alone, nothing that could be run.

The bytes are a NumPy archive (``.npz``) read with ``allow_pickle=False``.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linli.engines.triage.certainty import Certainty
from linli.engines.triage.model import Triage
from linli.engines.triage.vocabulary import Vocabulary

FORMAT = 1
LARGEST = 64 * 2**20  # bytes unpacked
PARTS = ("about", "terms", "rarity", "weights")


class UnreadableModel(ValueError):
    """The bytes are not a model of this format."""


def to_bytes(model: Triage) -> bytes:
    """Return a model as bytes; what the left-out texts scored is not kept."""
    about = {
        "format": FORMAT,
        "codes": model.codes,
        "certainty": asdict(model.certainty),
        "smoothness": model.smoothness,
    }
    written = io.BytesIO()
    np.savez_compressed(
        written,
        about=_packed(json.dumps(about)),
        terms=_packed("\n".join(model.vocabulary.places)),
        rarity=model.vocabulary.rarity,
        weights=model.weights,
    )
    return written.getvalue()


def from_bytes(data: bytes) -> Triage:
    """Return the model. Raises UnreadableModel for anything else, before unpacking what is huge."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST:
                raise UnreadableModel("too large")
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            return _read({name: archive[name] for name in PARTS})
    except UnreadableModel:
        raise
    except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise UnreadableModel(str(error)) from error


def _read(parts: dict[str, NDArray[Any]]) -> Triage:
    about = json.loads(parts["about"].tobytes())
    if about["format"] != FORMAT:
        raise UnreadableModel(f"format {about['format']}")
    terms = parts["terms"].tobytes().decode().split("\n")
    codes = tuple(str(code) for code in about["codes"])
    rarity, weights = parts["rarity"], parts["weights"]
    if rarity.shape != (len(terms),) or weights.shape != (len(terms), len(codes)):
        raise UnreadableModel("its parts do not fit together")
    if rarity.dtype != np.float32 or weights.dtype != np.float16:
        raise UnreadableModel("its numbers are of another kind")
    if not (np.isfinite(rarity).all() and np.isfinite(weights).all()):
        raise UnreadableModel("its numbers are not finite")
    return Triage(
        codes,
        Vocabulary({term: place for place, term in enumerate(terms)}, rarity),
        weights,
        Certainty(**about["certainty"]),
        float(about["smoothness"]),
    )


def _packed(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8)
