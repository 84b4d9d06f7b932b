"""
Paper days: typing in what was kept on paper while no tablet could be used.

A sheet is a file a clinician can read: who is named on it, and a line for each thing that happened, with the time
on the wall. `docs/paper-days.md` explains how to fill one in.
"""
