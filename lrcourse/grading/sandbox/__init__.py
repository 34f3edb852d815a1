"""A learner's code, run apart.

- `wire`: what crosses between the processes; `preload`: what a worker has imported
- `host`: our side; `guest`: beside the learner's code; `jail`: what confines it
- `pidfd`: handles on processes
"""
