"""The browser of the browser tests, and how it is started."""

import os
import shutil

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next(filter(None, map(shutil.which, BROWSERS)), None)
FLAGS = (
    "--no-sandbox --disable-gpu --disable-background-networking "
    "--disable-component-update --disable-sync --no-first-run"
).split()


def skipped():
    """Say whether browser tests may be left out here."""
    return BROWSER is None and not os.environ.get("LRCOURSE_REQUIRE_BROWSER")
