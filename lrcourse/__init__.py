"""The course's package. Each room is imported by its name; this one imports nothing.

From the ground up; a room imports from its own group of this list or a lower one:

- `schedules`: step -> learning rate, pure functions; rules that look at a metric
- `optimizers`: update rules, state in, state out
- `problems`: losses with known curvature
- `network`: the multilayer perceptron, written out
- `data`: what is trained on, seeded and offline
- `measure`: sharpness, and what a few seeds can say

Above them:

- `theory`: closed forms the chapters check
- `training`: the one loop, and what surrounds it
- `sweep`: thousands of small trainings as one program

Above these:

- `audit`: which rate each update used, and what is wrong with it; `recorder`: around
  any PyTorch loop
- `plotting`: one function per kind of figure
- `figure`: figures that answer back, in the book and in JupyterLab
- `prediction`: questions to commit to before a cell, and their answers after it

On top:

- `grading`: reads answers, runs them apart, checks them, says what is wrong
- `authoring`: chapters executed and sealed, exercises from solutions, templates
- `learner`: a folder of one's own, its notebooks brought up to date, how far one is
- `cli`: the ``lrcourse`` command

Of these packages `sweep` alone loads PyTorch. What else needs it lies in a room that is
imported by its own name, as ``training.torch_loop`` and ``measure.curvature``.
"""
