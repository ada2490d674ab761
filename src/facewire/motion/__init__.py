"""Landmarks to motion: pose removed, millimetres, one signal for each region and side."""

from facewire.motion.compute import MotionSettings, compute_motion
from facewire.motion.signals import MotionSignals, Scale
from facewire.motion.store import signals_table, write_signals

__all__ = [
    "MotionSettings",
    "MotionSignals",
    "Scale",
    "compute_motion",
    "signals_table",
    "write_signals",
]
