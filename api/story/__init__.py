"""
Stories: what happens at which local time and who signs it, as a file a clinician can read.

A story is played through the same path as everything else: each step becomes an event, signed with the keys of
the people named, and is recorded by the ordinary recorder under the story's own clock.
`docs/stories.md` explains how to write one.
"""
