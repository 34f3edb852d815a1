"""A learner's code, run apart.

- `wire`: frames between the processes; `codec`: values in them; `messages`: requests
  and replies; `forks`: what a fork server is told
- `preload`: what a worker has imported; `pidfd`: processes that have ended
- `host`: our side; `guest`: beside the learner's code; `jail`: what confines it
"""
