"""Video to landmarks: the points of a face in every frame, in pixels."""

from facewire.landmarks.track import LandmarkTrack, Track
from facewire.landmarks.track_file import (
    StoredTrack,
    TrackWriter,
    note_mirroring,
    open_track,
    track_source,
)

__all__ = [
    "LandmarkTrack",
    "StoredTrack",
    "Track",
    "TrackWriter",
    "note_mirroring",
    "open_track",
    "track_source",
]
