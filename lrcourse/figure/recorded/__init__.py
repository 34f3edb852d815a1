"""Recorded runs as a figure shows them: what was seen at each state of its controls.

- `records`: results by state, from a mapping or a table; `best`: the best among them
- `views`: what can be drawn; `spans`: how far its axes reach
- `lattice`: the results as arrays, stored small; `codes`: their numbers as text
- `sentence`: a state in words
"""
