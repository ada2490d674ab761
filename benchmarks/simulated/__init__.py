"""Patients whose wiring is known exactly, without a picture: for tests and benchmarks alone.

`signals` simulates a recording's motion signals, hundreds a minute; `wiring_patients` and
`face_states` simulate what is measured of a face of known wiring. The rendered patients, which
`facewire simulate` and `facewire demo` show, are `facewire.synthetic`.
"""
