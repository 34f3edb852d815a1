"""The README's pictures, of the real things: a figure of the book, a card.

``python -m lrcourse.authoring.pictures`` takes them in Chromium, from the pages that
``make book`` has built and from an answer that is graded for it.
"""

import sys
from pathlib import Path

from lrcourse.authoring.pdf import BUILT, browser
from lrcourse.grading.entrances.card import Card
from lrcourse.grading.entrances.client import Checker
from lrcourse.grading.notebook import Cell

PICTURES = Path("book/images")
PAGE, FIGURE = "book/01_one_number.html", "lr-figure"
ANSWER, EXERCISE = "exponential_lr", Path("exercises")
WRONG = "def exponential_lr(step, base_lr, gamma):\n    return base_lr * gamma * step\n"
_WIDTH = 700  # of the card, in pixels
_FLAGS = ["--no-sandbox", "--disable-gpu"]


def card_html() -> str:
    """Return the page of the card that a wrong answer gets."""
    checker = Checker(EXERCISE)
    try:
        found = checker.check(ANSWER, [Cell("cell 1", WRONG)])
    finally:
        checker.close()
    return (
        '<!doctype html><meta charset="utf-8"><style>body{font:15px/1.4 sans-serif;'
        f"margin:12px;width:{_WIDTH}px}}</style>{Card(found)._repr_html_()}"
    )


def main() -> int:
    """Take both pictures."""
    from playwright.sync_api import sync_playwright  # here: it is for authors only

    page_of_figure = BUILT / PAGE
    if not page_of_figure.is_file():
        print(f"no {page_of_figure}: run make book first", file=sys.stderr)
        return 1
    with sync_playwright() as tools:
        chromium = tools.chromium.launch(executable_path=browser(), args=_FLAGS)
        page = chromium.new_page(
            viewport={"width": 1100, "height": 1000}, device_scale_factor=2
        )
        page.goto(page_of_figure.absolute().as_uri())
        figure = page.locator(FIGURE).first
        figure.scroll_into_view_if_needed()
        figure.screenshot(path=PICTURES / "figure.png")
        page.set_content(card_html())
        page.locator("body > *").first.screenshot(path=PICTURES / "card.png")
        chromium.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
