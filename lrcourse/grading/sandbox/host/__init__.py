"""Our side: `pool` keeps `interpreter`s, which `process` starts and a `clock` watches.

`pipes` carry what is said; `scratch` is the folder a worker may fill.
"""
