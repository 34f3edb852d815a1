"""What those who write the course run.

- `chapters`: chapters executed, sealed and checked; `execution`: run in a kernel;
  `toc`: which notebooks are chapters; `notebook`: their cells
- `seal`: the digest that finds a forgotten re-run, over all that a chapter reaches;
  `proof`: chapters run while their calls are recorded: is all that ran sealed?
- `reach`: what code cells reach of a package. Below it: `scopes`, what code reads;
  `imports`, what an import binds; `definitions`, what a room binds; `meaning`, what a
  name stands for; `loading`, what a room does when it is loaded; `calls`, `effects`,
  what it calls then, and what that leaves behind; `libraries`, what is known of others
- `exercises`: exercise notebooks out of solution notebooks
"""
