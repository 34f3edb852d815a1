"""The trusted side of a worker: started, timed, asked, killed."""
