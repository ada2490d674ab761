"""A muscle-driven 3-D face, drawn to a clip with exact truth.

Agreement of facewire with clips of its own renderer is a self-check, not evidence.
"""

from facewire.synthetic.face3d.clip import render_frames, render_patient
from facewire.synthetic.face3d.truth import PatientTruth, compute_truth

__all__ = ["PatientTruth", "compute_truth", "render_frames", "render_patient"]
