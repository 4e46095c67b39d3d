"""A limit of time for reading one file: a crash or a hang inside a library is told of the file that caused it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

from kb.finding import Finding

FILE_SECONDS = 20.0  # the largest page allowed takes about two
T = TypeVar("T")


class TooSlow(Exception):
    """A file took longer than it may."""


def watched(path: str, read: Callable[[], T], seconds: float = FILE_SECONDS) -> T | Finding:
    """What reading a file gives, or what stopped it. Where there are no alarms, time is not limited."""
    timed = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    previous = signal.signal(signal.SIGALRM, _alarm) if timed else None
    if timed:
        signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return read()
    except TooSlow:
        message = f"reading it took more than {seconds:g} seconds"
        return Finding(path, 1, "build-stopped", message, "shorten or simplify the file")
    except Exception as error:  # whatever a library throws must name the file
        message = f"reading it stopped with {type(error).__name__}: {str(error)[:120]}"
        return Finding(path, 1, "build-stopped", message, "simplify the file, and report the fault")
    finally:
        if timed:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, previous)


def _alarm(number: int, frame: FrameType | None) -> None:
    raise TooSlow
