"""1: a video file becomes upright frames with times.

In: a file (mp4, mov, avi, mkv, webm, mts, mpg). Out: `Frame`, one after the other, in YUV 4:2:0
planes, with the presentation time of each. Rotation and non-square pixels are resolved here and
exist nowhere after it. The step is apart because codecs differ by machine and media files may be
hostile: they are decoded in a process of their own, with limits (`DecodeLimits`).
"""

from facewire.video.frames import Frame, VideoInfo
from facewire.video.limits import SUFFIXES, DecodeLimits
from facewire.video.stream import VideoStream, frames_at, open_video, probe_video

__all__ = [
    "SUFFIXES",
    "DecodeLimits",
    "Frame",
    "VideoInfo",
    "VideoStream",
    "frames_at",
    "open_video",
    "probe_video",
]
