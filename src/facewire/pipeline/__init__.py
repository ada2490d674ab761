"""The whole flow, each stage one line: see `measuring`."""

from facewire.pipeline.measuring import measure
from facewire.pipeline.options import MeasureOptions, Progress, TrackOptions
from facewire.pipeline.tracking import track_video

__all__ = ["MeasureOptions", "Progress", "TrackOptions", "measure", "track_video"]
