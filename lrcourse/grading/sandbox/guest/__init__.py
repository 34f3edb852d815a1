"""Beside the learner's code: nothing of the course's answers is in here."""
