"""What a process that reads strangers' bytes may not do: no network, no look at other processes.

Decoders have faults, and a video or a picture may be made to use one. So the processes that decode
and measure give up, before they read anything, what they never need. Linux alone can: elsewhere,
and on processors that are not in `CALLS`, `confine` returns False and `facewire info` says so.

A filter of system calls (seccomp, kernel 3.17 and later; ``man 2 seccomp``) that answers "not
permitted". It holds for all threads and for every process that is started from there, for good.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import socket
import subprocess
import sys

NO_NEW_PRIVILEGES, DUMPABLE, GET_SECCOMP = 38, 4, 21
SET_FILTER, ALL_THREADS = 1, 1

NUMBERS = {
    "socket": (41, 198),
    "socketpair": (53, 199),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "io_uring_setup": (425, 425),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "open_by_handle_at": (304, 265),
    "mount": (165, 40),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "setns": (308, 268),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "kexec_load": (246, 104),
}
"""Calls that are refused, with their numbers on x86-64 and on 64-bit ARM (``asm/unistd.h``).

Without `socket` there is no connection of any kind; `io_uring_setup` would be a way around it.
"""

CALLS = {"x86_64": (0xC000003E, 0, 317), "aarch64": (0xC00000B7, 1, 277)}
"""By processor: its name to the kernel, the column of `NUMBERS`, the number of `seccomp`."""

LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
REFUSED = 77
"""How a try ends that was refused a socket."""
OTHER_TABLE = 0x40000000
"""From here on are the numbers of another table of calls of the same processor (x32)."""


class _Step(ctypes.Structure):
    """One instruction of a filter (``struct sock_filter``)."""

    _fields_ = (
        ("code", ctypes.c_ushort),
        ("yes", ctypes.c_ubyte),
        ("no", ctypes.c_ubyte),
        ("value", ctypes.c_uint32),
    )


class _Filter(ctypes.Structure):
    """A filter (``struct sock_fprog``)."""

    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.POINTER(_Step)))


def can_confine() -> bool:
    """Whether this kernel and processor can keep a process from calls."""
    if sys.platform != "linux" or platform.machine() not in CALLS:
        return False
    return int(_library().prctl(GET_SECCOMP, 0, 0, 0, 0)) >= 0


def confine() -> bool:
    """Give up network and what reaches into other processes, for good.

    Returns
    -------
    bool
        False where the system cannot; then nothing has changed.
    """
    if not can_confine():
        return False
    library = _library()
    processor, column, seccomp = CALLS[platform.machine()]
    steps = _steps(processor, [numbers[column] for numbers in NUMBERS.values()])
    held = (_Step * len(steps))(*steps)
    wanted = _Filter(len(steps), held)
    if library.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return int(library.syscall(seccomp, SET_FILTER, ALL_THREADS, ctypes.byref(wanted))) == 0


def is_kept_from_the_network() -> bool:
    """Try it: whether a process of this program, confined, is refused a socket.

    A container may forbid the filter though the kernel has it; only a try shows that.
    """
    tried = [sys.executable, "-m", "facewire.confined"]
    return subprocess.run(tried, check=False, stderr=subprocess.DEVNULL).returncode == REFUSED


def hide_memory() -> None:
    """Keep other processes of the same user, and a crash's dump, from this process's memory."""
    if sys.platform == "linux":
        _library().prctl(DUMPABLE, 0, 0, 0, 0)
    if os.name == "posix":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _steps(processor: int, refused: list[int]) -> list[_Step]:
    """Return the filter: another processor's calls and `refused` are not permitted."""
    count = len(refused)
    return [
        _Step(LOAD, 0, 0, 4),
        _Step(EQUAL, 0, count + 3, processor),
        _Step(LOAD, 0, 0, 0),
        _Step(AT_LEAST, count + 1, 0, OTHER_TABLE),
        *(_Step(EQUAL, count - place, 0, number) for place, number in enumerate(refused)),
        _Step(RETURN, 0, 0, ALLOW),
        _Step(RETURN, 0, 0, REFUSE),
    ]


def _library() -> ctypes.CDLL:
    library = ctypes.CDLL(None, use_errno=True)
    library.prctl.argtypes = (ctypes.c_int, *[ctypes.c_ulong] * 4)
    library.syscall.restype = ctypes.c_long
    return library


def _try() -> int:
    confine()
    try:
        socket.socket().close()
    except PermissionError:
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(_try())
