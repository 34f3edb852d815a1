"""A JupyterLab for the browser tests, started in an empty home."""

import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request

from lrcourse.grading.entrances.lab_settings import LAB
from tests.browser.chromium import BROWSER, FLAGS


def home_environment(home):
    """Return the variables that keep everything of Jupyter's in `home`."""
    names = ("HOME", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")
    return os.environ | dict.fromkeys(names, str(home))


@contextlib.contextmanager
def running_lab(home, work):
    """Start JupyterLab on the folder `work`; give its address."""
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [f"--ServerApp.root_dir={work}", "--IdentityProvider.token="]
    command += ["--LabApp.expose_app_in_browser=True", "--ServerApp.port=0"]
    _set(home)
    environment = home_environment(home)
    with (home / "log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            yield address(home, server)
        finally:
            server.terminate()
            try:
                server.wait(timeout=60)
            except subprocess.TimeoutExpired:  # it waits for a kernel that hangs
                server.kill()
                server.wait()


def _set(home):
    """Set what `make lab` sets: no question lies over the page, all cells are drawn."""
    for plugin, settings in LAB.items():
        package, _, name = plugin.partition(":")
        folder = home / "lab" / "user-settings" / package
        folder.mkdir(parents=True)
        (folder / f"{name}.jupyterlab-settings").write_text(json.dumps(settings))


def trust(home, chapters):
    """Trust the notebooks in a folder, or the lab would not show their figures."""
    subprocess.run(
        [sys.executable, "-m", "jupyter", "trust", *sorted(chapters.glob("*.ipynb"))],
        env=home_environment(home),
        check=True,
    )


@contextlib.contextmanager
def lab_page(url, path, height=1400):
    """Open a notebook of a running lab in a page of its own; close it at the end."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
        page = browser.new_page(viewport={"width": 1200, "height": height})
        open_notebook(page, url, path)
        yield page
        browser.close()


def address(home, server):
    """Return the server's address, once it answers."""
    for _ in range(300):
        assert server.poll() is None, (home / "log").read_text()
        for place in home.glob("jpserver-*.json"):
            try:
                url = json.loads(place.read_text())["url"]
                urllib.request.urlopen(f"{url}api", timeout=5).close()
                return url
            except (ValueError, urllib.error.URLError):  # half written, or not yet up
                pass
        time.sleep(0.2)
    raise AssertionError((home / "log").read_text())


READY = """() => {
  const panel = jupyterapp.shell.currentWidget;
  return panel?.sessionContext?.session?.kernel?.status === 'idle'
    && jupyterapp.commands.isEnabled('notebook:run-cell'); }"""
FIND = """const cell = id => jupyterapp.shell.currentWidget.content.widgets
  .find(cell => cell.model.id === id);"""
WRITE = f"([id, source]) => {{ {FIND} cell(id).model.sharedModel.setSource(source) }}"
# not awaited: if the kernel loses a request, its promise stays open for ever
RUN = f"""id => {{ {FIND}
  const notebook = jupyterapp.shell.currentWidget.content;
  notebook.activeCellIndex = notebook.widgets.indexOf(cell(id));
  const before = cell(id).model.executionCount;
  void jupyterapp.commands.execute('notebook:run-cell');
  return before; }}"""
RAN = f"""([id, before]) => {{ {FIND}
  const count = cell(id).model.executionCount;
  return count && count !== before; }}"""


def open_notebook(page, url, path):
    """Open a notebook in a fresh lab, and wait for its kernel."""
    page.goto(f"{url}lab/tree/{path}?reset")
    page.locator(".jp-Notebook .jp-Cell").nth(3).wait_for(timeout=60_000)
    page.wait_for_function(READY, polling=200, timeout=60_000)


def write_cell(page, cell_id, source):
    """Replace what stands in a cell of the open notebook."""
    page.evaluate(WRITE, [cell_id, source])


def run_cell(page, cell_id):
    """Run one cell of the open notebook; return its output, and the seconds it took."""
    began = time.monotonic()
    before = page.evaluate(RUN, cell_id)
    page.wait_for_function(RAN, arg=[cell_id, before], polling=50, timeout=60_000)
    took = time.monotonic() - began
    visible = ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell.jp-mod-active"
    return page.locator(f"{visible} .jp-OutputArea").last, took
