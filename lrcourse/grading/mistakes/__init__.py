"""Naming the mistake: who would have made the recorded calls?

- `diagnosis`: the recorded calls replayed on candidates, under a `budget`
- `mutants`: candidates made by the mutation `operators`
- `score`: every mutant against the checks
"""
