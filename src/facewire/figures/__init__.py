"""Figures as plain shapes: axes, courses, traces, the drawn face, the person's own mesh.

In: numbers of documents. Out: paths and places in picture units, which templates put into SVG;
style sheets give them their look. Nothing is judged here.
"""
