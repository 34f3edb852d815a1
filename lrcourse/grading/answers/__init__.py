"""A submission's answers as the checks meet them: callable, recorded, elsewhere.

- `recorded`: the stand-ins; `arguments`: what a call shows and leaves behind
- `errors`: why an answer did not return
"""
