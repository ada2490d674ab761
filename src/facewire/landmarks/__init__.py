"""Video to landmarks: the points of a face in every frame, in pixels."""

from facewire.landmarks.store import TrackWriter, load_track, replace_file, storing
from facewire.landmarks.track import LandmarkTrack

__all__ = ["LandmarkTrack", "TrackWriter", "load_track", "replace_file", "storing"]
