"""The jail: what a learner's code may do to the machine it runs on.

Rooms, from the kernel up: `syscall_table` and `syscall` (asking the kernel by name);
`seccomp` (which calls), `landlock` (which files), `namespaces` (a world of its own),
`limits` (how much), `users` (with whose rights); `view` (what may be read),
`environment`; `confine` (all of them, in order); `levels`, `trial`, `proof` (what works
here, by trying).
"""

from lrcourse.grading.sandbox.jail.levels import Level, best_level

__all__ = ["Level", "best_level"]
