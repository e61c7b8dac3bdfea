"""A model as bytes and back; whatever else the bytes are is refused."""

from __future__ import annotations

import io
import pickle
import zipfile

import numpy as np
import pytest

from linli.engines.triage import Triage, UnreadableModel, from_bytes, to_bytes

MODEL = Triage.fit(["路灯坏"] * 3 + ["垃圾多"] * 3, ["light"] * 3 + ["litter"] * 3)


def test_it_works() -> None:
    again = from_bytes(to_bytes(MODEL))
    assert again.suggest("路灯又坏了") == MODEL.suggest("路灯又坏了")
    assert again.certainty == MODEL.certainty


def archive(**changes) -> bytes:
    """The bytes of a model with some parts replaced."""
    with np.load(io.BytesIO(to_bytes(MODEL))) as parts:
        values = {name: parts[name] for name in parts.files} | changes
    written = io.BytesIO()
    np.savez(written, **{name: value for name, value in values.items() if value is not None})
    return written.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a model",
        pickle.dumps({"codes": []}),
        to_bytes(MODEL)[:200],
        archive(weights=None),
        archive(weights=np.zeros((1, 2), dtype=np.float16)),
        archive(weights=MODEL.weights.astype(np.float64)),
        archive(rarity=np.full_like(MODEL.vocabulary.rarity, np.nan)),
        archive(about=np.frombuffer(b'{"format": 99, "codes": []}', dtype=np.uint8)),
        archive(about=np.frombuffer(b"[]", dtype=np.uint8)),
        archive(about=np.frombuffer(b'{"format": 1}', dtype=np.uint8)),
        archive(terms=np.frombuffer(b"\xff\xfe", dtype=np.uint8)),
        archive(weights=np.array([object()] * 3, dtype=object)),
    ],
)
def test_anything_else_is_refused(data) -> None:
    with pytest.raises(UnreadableModel):
        from_bytes(data)


def test_what_unpacks_to_too_much_is_refused_unread() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("weights.npy", bytes(65 * 2**20))
    with pytest.raises(UnreadableModel, match="too large"):
        from_bytes(written.getvalue())
