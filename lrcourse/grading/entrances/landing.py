"""A link from a card to a heading of a chapter, which lands there in JupyterLab too.

JupyterLab opens a notebook and goes to a cell before it has drawn the cells above:
these push the heading away, and a heading that is not drawn yet it does not find. So
the link's click goes on looking for the heading for some seconds, and brings it to the
top again whenever something moved it, until the reader scrolls, types or clicks.
"""

import json
from dataclasses import dataclass
from html import escape

# no `<`, `&` or line comment: it becomes an attribute, on one line
_KEEP = """
((link, file, heading, cell) => {
  const begun = Date.now();
  let found = 0, gone = false;
  const leave = () => { gone = true; };
  for (const kind of ['wheel', 'keydown', 'pointerdown', 'touchstart'])
    window.addEventListener(kind, leave, { once: true, capture: true });
  const says = node => node.textContent.replace(/[#¶\\s]+$/, '') === heading;
  const opened = panel => panel.contains(link) ? false
    : document.querySelector(`[data-id="${panel.id}"]`)?.textContent.includes(file);
  const look = () => {
    if (gone || Date.now() > (found ? found + 4000 : begun + 20000)) return;
    const panel = [...document.querySelectorAll(
      '.jp-NotebookPanel:not(.lm-mod-hidden)')].find(opened);
    const place = [...panel?.querySelectorAll('h1, h2, h3, h4') ?? []].find(says);
    if (place) found ||= Date.now();
    (place ?? panel?.querySelector(`[data-windowed-list-index="${cell}"]`))
      ?.scrollIntoView();
    setTimeout(look, 150);
  };
  setTimeout(look, 150);
})"""


@dataclass(frozen=True)
class Landing:
    """A place in a chapter: the link's `address`, and the `heading` to be brought up.

    `cell` is the number of the heading's cell, from 0 on; -1 where there is none.
    """

    address: str
    heading: str = ""
    cell: int = -1

    def link(self, text: str) -> str:
        """Return the link as HTML; where its script does not run it is a link still."""
        script = self._script()
        click = f' onclick="{escape(script)}"' if script else ""
        return f'<a href="{escape(self.address)}"{click}>{escape(text)}</a>'

    def _script(self) -> str:
        if self.cell < 0:
            return ""
        file = self.address.partition("#")[0].rpartition("/")[2]
        arguments = ", ".join(map(json.dumps, (file, self.heading, self.cell)))
        return f"{' '.join(_KEEP.split())}(this, {arguments})"
