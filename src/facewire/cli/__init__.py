"""The command line: one file per command, each parses, calls the package, and prints."""

from facewire.cli.app import app, main

__all__ = ["app", "main"]
