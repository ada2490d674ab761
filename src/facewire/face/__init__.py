"""Vocabulary of the face: sides, regions, movements, landmark numbers."""

from facewire.face.vocabulary import (
    CHANNEL_INDEX,
    CHANNELS,
    MOVEMENTS,
    REGIONS,
    SIDES,
    VECTOR_REGIONS,
    VOLUNTARY_TARGETS,
    Channel,
    Component,
    Movement,
    Region,
    Side,
    components,
    moves_on_purpose,
    region_channels,
)

__all__ = [
    "CHANNELS",
    "CHANNEL_INDEX",
    "MOVEMENTS",
    "REGIONS",
    "SIDES",
    "VECTOR_REGIONS",
    "VOLUNTARY_TARGETS",
    "Channel",
    "Component",
    "Movement",
    "Region",
    "Side",
    "components",
    "moves_on_purpose",
    "region_channels",
]
