"""facewire: measure facial synkinesis from ordinary video."""
