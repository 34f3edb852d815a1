"""A submission's answers as the checks meet them: callable, recorded, elsewhere.

- `submitted`: all of them, by attribute; `stand_in`: what a check calls
- `recorder`: calls and what came of them; `callbacks`: the checks' own functions
- `session`: the interpreter, its clock, retries, cells that hang
- `arguments`: what a call shows and leaves behind; `errors`: why it did not return
"""
