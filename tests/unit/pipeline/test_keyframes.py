from __future__ import annotations

import json
from pathlib import Path

import pytest

from facewire.pipeline.keyframes import clear_key_frames


def test_only_what_the_list_names_is_removed(tmp_path: Path) -> None:
    folder = tmp_path / "frames"
    folder.mkdir()
    for name in ("rest_1_rest.jpg", "mine.jpg"):
        (folder / name).write_bytes(b"")
    outside = tmp_path / "outside.jpg"
    outside.write_bytes(b"")
    listed = [{"file": "rest_1_rest.jpg"}, {"file": "../outside.jpg"}]
    (folder / "frames.json").write_text(json.dumps({"frames": listed}))
    clear_key_frames(folder)
    assert [p.name for p in folder.iterdir()] == ["mine.jpg"]
    assert outside.exists()


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b'{"frames": [{}]}'])
def test_a_damaged_list_is_removed_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.jpg").write_bytes(b"")
    (tmp_path / "frames.json").write_bytes(content)
    clear_key_frames(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["a.jpg"]


def test_no_list_no_harm(tmp_path: Path) -> None:
    clear_key_frames(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []
