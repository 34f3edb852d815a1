"""The course's package. Each room is imported by its name; this one imports nothing.

- `schedules`: step -> learning rate, pure functions
- `optimizers`: update rules, state in, state out; `feedback`, `plateau`: rules that
  look at the metric
- `problems`, `bowls`, `counterexamples`: losses with known curvature
- `network`: the multilayer perceptron, written out
- `data`, `generated`: what is trained on, seeded and offline
- `training`, `torch_training`: the one loop, and its twin; `checkpoint`: saved, resumed
- `sweep`: thousands of small trainings as one program
- `range_test`, `torch_range_test`: the learning-rate range test
- `theory`: closed forms the chapters check
- `averaging`, `curvature`, `statistics`: averages, sharpness, what a few seeds can say
- `plotting`: one function per kind of figure
- `figure`: figures that answer back, in the book and in JupyterLab
- `grading`: reads answers, runs them apart, checks them, says what is wrong
- `authoring`, `execution`: exercises from solutions, chapters executed and sealed
"""
