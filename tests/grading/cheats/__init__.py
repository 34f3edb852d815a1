"""Submissions that must earn nothing, and clumsy ones that must earn everything.

Plain data by theme; `grading.grade` is the one place that knows what grades them.
"""
