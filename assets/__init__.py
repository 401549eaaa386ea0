"""The outer shell: Dagster definitions, settings, the command line.

Belongs here: what schedules, what talks to people and to the environment. Thin: an asset takes its
resource, calls one function of the rooms behind it, returns what to show. Imports nothing heavy by
itself, so that the command line starts at once.
"""
