"""The course's package. Each room is imported by its name; this one imports nothing.

- `schedules`: step -> learning rate, pure functions
- `optimizers`, `problems`, `training`, `torch_training`: update rules, losses, the loop
- `theory`: closed forms the chapters check
- `data`: digits and MNIST-1D, seeded and offline
- `plotting`: one function per kind of figure
- `grading`: reads answers, runs them apart, checks them, says what is wrong
- `authoring`, `execution`: exercises from solutions, chapters executed and sealed
"""
