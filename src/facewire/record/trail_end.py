"""The end of the audit trail, noted in the data folder, which need not be where the database is.

A chain shows what was changed in it, not what was cut off its end, nor that all of it was written
anew. So the number and fingerprint of its last row are noted as the app starts and stops and with
every backup, under a key where a passphrase is set, and the chain must still hold them later.
"""

from __future__ import annotations

import hmac
import json
import re
from datetime import UTC, datetime

from facewire.files import write_whole
from facewire.record.audit import Fault, Head, check_chain, head, holds
from facewire.record.folder import TRAIL_END_NAME, DataFolder
from facewire.record.sealing import derive_key
from facewire.record.store import Record

_SHA256 = re.compile(r"[0-9a-f]{64}")
_ALTERED = "the end that was noted in the data folder was altered, or is of another folder"


def note_end(folder: DataFolder, record: Record) -> Head | None:
    """Write down where the trail ends now, whole or not at all.

    An end that was noted earlier and is not in the trail stays: it shows that rows are gone.

    Parameters
    ----------
    folder : DataFolder
    record : Record

    Returns
    -------
    Head or None
        What was noted; None where the earlier end stays.
    """
    earlier = _earlier(folder)
    with record.reading() as session:
        end = head(session)
        if earlier is None or not holds(session, earlier):
            return None
    document = {
        "number": end.number,
        "sha256": end.sha256,
        "noted_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "mac": _mac(folder, end),
    }
    write_whole(
        folder.path / TRAIL_END_NAME, [json.dumps(document, indent=1).encode()], private=True
    )
    return end


def check_trail(folder: DataFolder, record: Record) -> tuple[Fault, ...]:
    """Go through the whole trail, and look for the end that was noted in it.

    Parameters
    ----------
    folder : DataFolder
    record : Record

    Returns
    -------
    tuple of Fault
        Empty when the chain is whole and holds the noted end; where none was noted, the chain
        alone was looked at.
    """
    noted = _earlier(folder)
    with record.reading() as session:
        faults = check_chain(session, noted)
    return faults if noted is not None else (Fault(0, _ALTERED), *faults)


def noted_at(folder: DataFolder) -> datetime | None:
    """Return when an end was noted; None where none was, or the file is none of this folder's."""
    path = folder.path / TRAIL_END_NAME
    if not path.exists() or _noted(folder, path.read_bytes()) is None:
        return None
    try:
        return datetime.fromisoformat(json.loads(path.read_bytes())["noted_at"])
    except (ValueError, KeyError, TypeError):
        return None


def _earlier(folder: DataFolder) -> Head | None:
    """Return the end that was noted; the empty one where none was, None where it was altered."""
    path = folder.path / TRAIL_END_NAME
    return _noted(folder, path.read_bytes()) if path.exists() else Head(0, "")


def _noted(folder: DataFolder, text: bytes) -> Head | None:
    """Return the end that a file names; None where it is no file of this folder's key."""
    try:
        found = json.loads(text)
        end, mac = Head(int(found["number"]), str(found["sha256"])), str(found["mac"])
    except (ValueError, KeyError, TypeError):
        return None
    fits = end.number >= 0 and _SHA256.fullmatch(end.sha256) and mac.isascii()
    return end if fits and hmac.compare_digest(mac, _mac(folder, end)) else None


def _mac(folder: DataFolder, end: Head) -> str:
    """Return the end's seal under the folder's key; empty where no passphrase is set."""
    if folder.keys is None:
        return ""
    key = derive_key(folder.keys.database, "trail end")
    return hmac.new(key, f"{end.number} {end.sha256}".encode(), "sha256").hexdigest()
