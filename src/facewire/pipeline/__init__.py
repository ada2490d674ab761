"""The whole flow, each stage one line: see `flow`."""

from facewire.pipeline.flow import MeasureOptions, measure
from facewire.pipeline.other_side import day_of, other_side_refused, treated_of
from facewire.pipeline.tracking import Progress, TrackOptions, track_video

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
