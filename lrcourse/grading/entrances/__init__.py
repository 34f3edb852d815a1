"""Where a notebook, a command line or a class comes in.

- `kernel`: `check` in a notebook; `card`: what it shows; `landing`: its
  links to a chapter's headings
- `submission`: one notebook graded; `client`: the checking process as both see it;
  `checkers`: as many of them as there are processors
- `doctor`: what confinement stops on this machine; `lab_settings`: what `make lab` sets
"""
