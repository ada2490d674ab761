"""Where the network files are, and whether they are the right ones.

The face bundle is Google's MediaPipe ``face_landmarker.task`` and the eye network its
``iris_landmark.tflite``, both Apache-2.0. They are not part of this package: `make setup` puts
them into the models folder, and their hashes are checked at every use.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path

from facewire.errors import ModelError
from facewire.results.provenance import Network


@dataclass(frozen=True)
class NetworkFile:
    """A network file as it must be: name, SHA-256, official address, licence."""

    name: str
    sha256: str
    address: str
    licence: str


FACE_BUNDLE = NetworkFile(
    "face_landmarker.task",
    "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff",
    "https://storage.googleapis.com/mediapipe-models/face_landmarker/face_landmarker/float16/1/face_landmarker.task",
    "Apache-2.0",
)
EYE_NETWORK = NetworkFile(
    "iris_landmark.tflite",
    "d1744d2a09c25f501d39eba4faff47e53ecca8852c5ce19bce8eeac39357521f",
    "https://storage.googleapis.com/mediapipe-assets/iris_landmark.tflite",
    "Apache-2.0",
)
NETWORK_FILES = (FACE_BUNDLE, EYE_NETWORK)
NETWORKS = tuple(Network(name=n.name, sha256=n.sha256, licence=n.licence) for n in NETWORK_FILES)
"""The same, as a result names them."""

MODEL_VARIABLE = "FACEWIRE_MODEL"


@dataclass(frozen=True)
class ModelBytes:
    """The networks, read and checked, ready to be compiled."""

    detector: bytes
    landmarks: bytes
    expressions: bytes
    eye: bytes


def cache_folder() -> Path:
    """Return the user's cache folder for facewire; it is not created."""
    root = os.environ.get("XDG_CACHE_HOME")
    return (Path(root) if root else Path.home() / ".cache") / "facewire"


def search_folders(given: Path | None = None) -> list[Path]:
    """Return the folders that are searched for network files, in order.

    A path the user gives (option, then ``FACEWIRE_MODEL``), the models folder beside the
    environment that facewire runs in (filled by ``make setup``), the user cache.
    """
    named = os.environ.get(MODEL_VARIABLE)
    paths = [given] if given else []
    paths += [Path(named)] if named else []
    paths = [p.parent if p.is_file() else p for p in paths]
    source_tree = Path(__file__).resolve().parents[3]
    return [*paths, source_tree / "models", cache_folder() / "models"]


def find_network(wanted: NetworkFile, given: Path | None = None) -> Path:
    """Return the path of a network file after checking its hash.

    Parameters
    ----------
    wanted : NetworkFile
        Which one.
    given : Path, optional
        A folder, or the path of any network file in it, that the user named.

    Raises
    ------
    ModelError
        What the user named is not there, the file is in none of the folders, or the first one
        found has another hash.
    """
    if given is not None and not given.exists():
        raise ModelError(
            "The folder of network files that was named is not there",
            expected="a folder, or a network file in it",
            found=f"no {given}",
            do="correct --model, or leave it out",
        )
    folders = search_folders(given)
    for folder in folders:
        path = folder / wanted.name
        if path.is_file():
            _check_hash(path, wanted)
            return path
    raise ModelError(
        f"The network file {wanted.name} is missing",
        expected="it in one of " + ", ".join(str(f) for f in folders),
        found="none there",
        do="run `make setup`, or `facewire model fetch`, or name its folder with --model",
    )


def _check_hash(path: Path, wanted: NetworkFile) -> None:
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != wanted.sha256:
        raise ModelError(
            f"The network file {path} is not the one that facewire was measured with",
            expected=f"SHA-256 {wanted.sha256}",
            found=f"SHA-256 {found}",
            do="delete it and run `facewire model fetch`",
        )


def read_models(given: Path | None = None) -> ModelBytes:
    """Read every network, checked.

    Raises
    ------
    ModelError
        A file is missing or altered.
    """
    bundle = find_network(FACE_BUNDLE, given)
    eye = find_network(EYE_NETWORK, given)
    with zipfile.ZipFile(bundle) as parts:
        return ModelBytes(
            detector=parts.read("face_detector.tflite"),
            landmarks=parts.read("face_landmarks_detector.tflite"),
            expressions=parts.read("face_blendshapes.tflite"),
            eye=eye.read_bytes(),
        )
