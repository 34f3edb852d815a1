"""How cards look: in JupyterLab and VS Code, light and dark.

All colours of text have a contrast of at least 4.5 to their ground.
"""

import re
from html import escape

TONES = {"passed": "passed", "failed": "failed", "not started": "idle"}

_STYLE = """<style>
.lrcourse-card{--paper:#fff;--ink:#1f2328;--soft:#57606a;--rule:#d0d7de;
--field:#f3f4f6;--link:#0b57d0;--passed:#1a7037;--failed:#b33c00;--idle:#7a5b00;
box-sizing:border-box;max-width:46em;margin:.4em 0;padding:.7em 1.1em;
border:1px solid var(--rule);border-left:6px solid var(--tone);border-radius:6px;
background:var(--paper);color:var(--ink);line-height:1.5;overflow-wrap:anywhere}
body[data-jp-theme-light="false"] .lrcourse-card,body.vscode-dark .lrcourse-card,
html[data-theme="dark"] .lrcourse-card{--paper:#1b1f24;--ink:#e6e8eb;--soft:#a3abb5;
--rule:#3d444d;--field:#282e36;--link:#82b4ff;--passed:#56c776;--failed:#ff9466;
--idle:#dcb64a}
.lrcourse-card.passed{--tone:var(--passed)}.lrcourse-card.failed{--tone:var(--failed)}
.lrcourse-card.idle{--tone:var(--idle)}
.lrcourse-card .tone{color:var(--tone)}.lrcourse-card .soft{color:var(--soft)}
.lrcourse-card.lrcourse-card a{color:var(--link);text-decoration:underline}
.lrcourse-card.lrcourse-card code{color:inherit;background:var(--field);
padding:.1em .3em;border-radius:3px}
.lrcourse-card.lrcourse-card pre{color:inherit;background:var(--field);margin:.5em 0;
padding:.6em .8em;border-radius:4px;overflow-x:auto;font-size:.9em;
white-space:pre;overflow-wrap:normal;word-break:normal}
.lrcourse-card.lrcourse-card pre code{padding:0;
white-space:pre;overflow-wrap:normal;word-break:normal}
.lrcourse-card.lrcourse-card mark{background:var(--tone);color:var(--paper);
border-radius:3px}
.lrcourse-card.lrcourse-card p,.lrcourse-card.lrcourse-card ul{margin:.5em 0}
.lrcourse-card .found{margin:.6em 0}
.lrcourse-card details{margin:.35em 0}.lrcourse-card details>*:not(summary){
margin-left:1.1em}
.lrcourse-card.lrcourse-card summary{display:list-item;cursor:pointer;
color:var(--link);list-style:disclosure-closed inside}
.lrcourse-card.lrcourse-card details[open]>summary{list-style-type:disclosure-open}
.lrcourse-card .way{display:flex;gap:.7em;align-items:center;flex-wrap:wrap;
margin:.5em 0}
.lrcourse-card .steps{display:inline-flex;gap:3px}
.lrcourse-card .steps i{width:1.5em;height:.5em;border-radius:2px;
background:var(--rule)}.lrcourse-card .steps i.full{background:var(--passed)}
.lrcourse-card.lrcourse-card table{border-collapse:collapse;margin:.4em 0;
color:inherit;font-size:inherit}
.lrcourse-card.lrcourse-card td{text-align:left;padding:.2em 1em .2em 0;border:0;
background:var(--paper);color:inherit}
.lrcourse-card .passed{color:var(--passed)}.lrcourse-card .failed{color:var(--failed)}
.lrcourse-card .idle{color:var(--idle)}
</style>"""


def framed(tone: str, body: str) -> str:
    """Return `body` in the frame of a card; `tone`: passed, failed or idle."""
    return f'{_STYLE}<div class="lrcourse-card {tone}">{body}</div>'


def worded(sentence: str) -> str:
    """Return a sentence as HTML: what stands between backticks is code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(sentence))
