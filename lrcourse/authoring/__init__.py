"""What those who write the course run.

- `chapters`: chapters executed and sealed
- `exercises`: exercise notebooks out of solution notebooks
"""
