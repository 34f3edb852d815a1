"""Ways to do harm, by theme: each function is one, and runs inside a worker.

A function is told the planted `target` and returns what it got, or None. Whether it
did harm besides is found out afterwards, at the targets (`bait`). What a
learner's code may send to whoever grades is plain data, in `words`.
"""
