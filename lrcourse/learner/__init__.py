"""A learner's own folder: the notebooks of the course, and how far they are."""
