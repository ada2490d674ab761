"""Video to landmarks: the points of a face in every frame, in pixels."""

from facewire.landmarks.store import TrackWriter
from facewire.landmarks.stored import StoredTrack, load_track, open_track, track_source
from facewire.landmarks.track import LandmarkTrack, Track

__all__ = [
    "LandmarkTrack",
    "StoredTrack",
    "Track",
    "TrackWriter",
    "load_track",
    "open_track",
    "track_source",
]
