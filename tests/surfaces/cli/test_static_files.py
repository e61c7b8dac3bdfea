"""Static files are collected when something changed, and only then."""

from __future__ import annotations

from linli.surfaces.cli import static_files


def test_only_what_changed_is_collected(settings, tmp_path, monkeypatch) -> None:
    settings.STATIC_ROOT = tmp_path
    calls = []
    monkeypatch.setattr(static_files, "call_command", lambda *told, **more: calls.append(told))

    assert static_files.collect_if_stale()
    assert not static_files.collect_if_stale()
    monkeypatch.setattr(static_files, "_state", lambda: "changed")
    assert static_files.collect_if_stale()
    assert len(calls) == 2
