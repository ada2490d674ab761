"""The parent's end of the decoding process: start, messages with a deadline, end."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from facewire.errors import DecoderLimitError, TruncatedVideoError, VideoError
from facewire.video.limits import DecodeLimits
from facewire.video.ring import create_memory

# A plain child, not one of multiprocessing: that would run the caller's own script again. The
# import path comes with the orders because isolated mode takes none from the environment.
_START = (
    "import json, sys; source = open(0, 'rb', buffering=0); orders = json.loads(source.readline());"
    "sys.path[:] = orders['sys_path']; from facewire.video.decoder import run; run(orders, source)"
)

_ERRORS = {kind.__name__: kind for kind in (VideoError, TruncatedVideoError, DecoderLimitError)}


class DecoderProcess:
    """One decoding process and the memory it writes into.

    Parameters
    ----------
    path : Path
        The video.
    limits : DecodeLimits
        What it may use.
    slots : int
        Pictures in the ring.
    chosen : sequence of float, optional
        Times of the only pictures that are wanted; None for all.
    """

    def __init__(
        self, path: Path, limits: DecodeLimits, slots: int, chosen: Sequence[float] | None = None
    ) -> None:
        if os.name == "nt":
            raise VideoError(
                "Recordings cannot be read on Windows",
                expected="Linux: the decoding process inherits its memory",
                do="use the Windows Subsystem for Linux",
            )
        self._limits = limits
        self._unread = b""
        self.memory = create_memory()
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", _START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            pass_fds=(self.memory,),
            # The numeric library would start a thread for every core.
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )
        orders = {
            "path": str(path.absolute()),
            "descriptor": self.memory,
            "slots": slots,
            "limits": limits.to_dict(),
            "chosen": None if chosen is None else list(chosen),
            "sys_path": sys.path,
        }
        self._send(json.dumps(orders).encode() + b"\n")

    def free_slot(self) -> None:
        """Say that one more slot may be written."""
        self._send(b"+")

    def receive(self) -> dict[str, Any]:
        """Wait for the next message.

        Raises
        ------
        DecoderLimitError
            None came in time, or the process went over a limit.
        VideoError
            The process reported an error, or died.
        """
        while b"\n" not in self._unread:
            self._unread += self._read()
        line, _, self._unread = self._unread.partition(b"\n")
        message: dict[str, Any] = json.loads(line)
        if "error" in message:
            kind = _ERRORS[message.pop("error")]
            raise kind(message.pop("what"), **message)
        return message

    def close(self) -> None:
        """End the process and give its memory back; frames that are still held stay readable."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        os.close(self.memory)

    def _send(self, data: bytes) -> None:
        # A child that is gone is reported by the next `receive`, with its reason.
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.write(data)

    def _read(self) -> bytes:
        output = self._process.stdout
        if output is None:
            return b""
        # Where the system has no such waiting, a decoder that stalls is waited for without end.
        if hasattr(select, "poll"):
            waiting = select.poll()
            waiting.register(output, select.POLLIN)
            if not waiting.poll(self._limits.stall_s * 1000):
                raise DecoderLimitError(
                    "The decoder gives no picture",
                    expected=f"one within {self._limits.stall_s:g} s",
                    do="copy the file to a local disk, or export it again as mp4",
                )
        piece = os.read(output.fileno(), 1 << 16)
        if not piece:
            raise self._died()
        return piece

    def _died(self) -> VideoError:
        code = self._process.wait()
        reason = f"signal {-code}" if code < 0 else f"exit code {code}"
        return VideoError(
            "The decoder stopped in the middle of the video",
            found=reason,
            do="check that enough memory is free and run again; if it stops at the same place, "
            "export the video again as mp4",
        )
