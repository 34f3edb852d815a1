"""pytest inside the checking process.

- `plugin`: pytest's hooks; `collection`: which notebook meets which checks
- `server`: pytest's run loop waiting for requests
- `report`: from a test's outcome to the sentence a learner reads
"""
