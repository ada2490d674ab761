"""The parent's end of the decoding process: start, messages with a deadline, end."""

from __future__ import annotations

import contextlib
import json
import math
import os
import select
import subprocess
import sys
import time
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

LOOK_S = 1.0
"""How often it is looked whether a decoder that gives nothing is at work."""

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
        self._wait_for(output.fileno())
        piece = os.read(output.fileno(), 1 << 16)
        if not piece:
            raise self._died()
        return piece

    def _wait_for(self, descriptor: int) -> None:
        """Wait until something can be read: a decoder at work so long is lost, one kept off is not.

        On a busy computer a good file waits for its turn, so the decoder's own processor time
        counts; the wall clock only ends what nothing else would end. Where the system has no such
        waiting, a decoder that stalls is waited for without end.
        """
        if not hasattr(select, "poll"):
            return
        limits = self._limits
        waiting = select.poll()
        waiting.register(descriptor, select.POLLIN)
        began_s, had_s = time.monotonic(), self._processor_s()
        while not waiting.poll(min(LOOK_S, limits.stall_s, limits.wait_s) * 1000):
            worked_s = self._processor_s() - had_s
            if worked_s > limits.stall_s:
                raise DecoderLimitError(
                    "The decoder gives no picture",
                    expected=f"one within {limits.stall_s:g} s of its own processor time",
                    do="export the file again as mp4",
                )
            if time.monotonic() - began_s > limits.wait_s:
                worked = f", {worked_s:.1f} s of them at work" if math.isfinite(worked_s) else ""
                raise DecoderLimitError(
                    "The decoder did not get to give a picture",
                    expected=f"one within {limits.wait_s:g} s",
                    found=f"a decoder that waited as long{worked}",
                    do="the computer is too busy, or the file's disk does not answer: let other "
                    "programs end, or copy the file to a local disk, and run again",
                )

    def _processor_s(self) -> float:
        """Return the processor time that the decoder has had; NaN where the system tells none."""
        try:
            fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
            # proc(5): the 14th and 15th field; what is split here begins with the third.
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        except (OSError, ValueError, IndexError):
            return math.nan

    def _died(self) -> VideoError:
        code = self._process.wait()
        reason = f"signal {-code}" if code < 0 else f"exit code {code}"
        return VideoError(
            "The decoder stopped in the middle of the video",
            found=reason,
            do="check that enough memory is free and run again; if it stops at the same place, "
            "export the video again as mp4",
        )
