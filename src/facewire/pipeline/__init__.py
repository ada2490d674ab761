"""The whole flow, each stage one line: see `measuring`."""

from facewire.pipeline.measuring import measure
from facewire.pipeline.options import MeasureOptions, Progress, TrackOptions
from facewire.pipeline.other_side import day_of, other_side_refused, treated_of
from facewire.pipeline.tracking import track_video

__all__ = [
    "MeasureOptions",
    "Progress",
    "TrackOptions",
    "day_of",
    "measure",
    "other_side_refused",
    "track_video",
    "treated_of",
]
