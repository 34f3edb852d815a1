"""Cards in JupyterLab: run a cell, read what it shows, look at it in both themes."""

import os

from tests.browser.lab import run_cell
from tests.browser.pages import LOW_CONTRAST

SHOTS = os.environ.get("LRCOURSE_SHOTS")  # a folder for pictures to look at
THEME = "theme => jupyterapp.commands.execute('apputils:change-theme', {theme})"
OPEN = "path => void jupyterapp.commands.execute('docmanager:open', {path})"
HERE = "path => jupyterapp.shell.currentWidget.context.path === path"
AWAY = """heading => {
  const panel = jupyterapp.shell.currentWidget;
  const place = [...panel.node.querySelectorAll('h2')].find(node =>
    panel.context.path.startsWith('book/') && node.textContent.startsWith(heading));
  return place && [place.getBoundingClientRect().top
    - panel.content.node.getBoundingClientRect().top]; }"""
NEAR = 120  # px
DARK = "document.body.dataset.jpThemeLight === 'false'"


def shown(page, cell, picture=""):
    """Run a cell; return its card's text and HTML; look at it in both themes."""
    output, _ = run_cell(page, cell)
    output.locator(".lrcourse-card").wait_for()
    text, html = output.inner_text(), output.inner_html()
    if picture:
        look_at(page, output, picture)
    return text, html


def active(page):
    """Return the output of the cell that ran last."""
    visible = ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell.jp-mod-active"
    return page.locator(f"{visible} .jp-OutputArea").last


def distance(page, heading, seconds=3):
    """Return how far from the top of the open chapter a heading stands, once seen."""
    page.wait_for_function(AWAY, arg=heading, timeout=40_000)
    page.wait_for_timeout(1000 * seconds)
    found = page.evaluate(AWAY, heading)[0]
    print(f"{heading}: {found:.0f} px from the top")
    return abs(found)


def look_at(page, output, picture):
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        page.evaluate(THEME, theme)
        page.wait_for_function(DARK if "Dark" in theme else f"!({DARK})")
        page.wait_for_timeout(300)  # colours are faded over
        low = page.evaluate(LOW_CONTRAST, ".lrcourse-card")
        if SHOTS:
            output.screenshot(path=f"{SHOTS}/{picture}-{theme.split()[1].lower()}.png")
        assert low == []
    page.evaluate(THEME, "JupyterLab Light")
