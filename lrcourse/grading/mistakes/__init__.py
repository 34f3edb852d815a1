"""Which mistake is it? What would have made the recorded calls.

- `known`: mistakes as check files declare them; `references`: the solution's answers,
  each with its known mistakes and its mutants
- `mutants`: what the mutation `operators` make of a reference
- `diagnosis`: the recorded calls replayed on candidates, under a `budget`
- `blank`: a solution without the line that most known mistakes change
- `in_process`: the checks without a second process; `score`: every mutant against them
"""
