"""Rules of the whole course: what is forgotten is named, with what to add and where.

A guard is a function that returns a sentence for each thing forgotten. Its test asks it
about the course, and about a small one in which something is missing.
"""

import pytest


def nothing_forgotten(sentences):
    """Fail with the sentences of a guard and nothing else, if there are any."""
    if sentences:
        pytest.fail("\n".join(sentences), pytrace=False)
