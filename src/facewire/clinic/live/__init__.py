"""Guided live recording: the camera's pictures in, values out, a session and its track kept.

The browser sends pictures and shows answers; it computes neither landmarks nor measures.
"""
