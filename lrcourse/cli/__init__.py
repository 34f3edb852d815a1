"""The ``lrcourse`` command."""
