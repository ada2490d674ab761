"""The clinic's work apart from HTTP: the queue, uploads, live sessions, consent, measuring.

The app (`facewire.web`) calls it; it knows of neither requests nor pages.
"""
