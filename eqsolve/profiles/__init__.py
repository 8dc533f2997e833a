"""Profiles as people and programs write them, read into checked profiles of a form.

`given.checked` takes what is in memory: arrays, nested lists, mappings by labels, parsed JSON. `files.read_profiles`
takes a file, whose type it finds by its content.
"""
