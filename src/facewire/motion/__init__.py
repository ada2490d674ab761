"""Landmarks to motion: pose removed, millimetres, one signal for each region and side."""

from facewire.motion.compute import FixedHead, MotionSettings, compute_motion, fix_head
from facewire.motion.mesh import FaceMesh, FaceMeshes, Hold, face_meshes
from facewire.motion.signals import MotionSignals, signals_table, write_signals

__all__ = [
    "FaceMesh",
    "FaceMeshes",
    "FixedHead",
    "Hold",
    "MotionSettings",
    "MotionSignals",
    "compute_motion",
    "face_meshes",
    "fix_head",
    "signals_table",
    "write_signals",
]
