"""pytest inside the checking process.

- `plugin`: pytest's hooks; `collection`: which notebook meets which checks
- `outside`: a notebook from elsewhere brings no code of its own
- `server`: pytest's run loop waiting for requests; `drawing`: an answer's curve
- `report`: from a test's outcome to the sentence a learner reads; `withheld`: what is
  left of it where hidden settings stay hidden; `unusable`: checks that are broken
- `cases`, `claims`: kinds of answers; `given`, `faults`: cases, and what they lack
"""
