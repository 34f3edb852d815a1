"""A prediction as HTML: a list with a folded answer, which a script brings to life.

What is read stands in the page itself, not in an attribute or a shadow: formulas are
typeset there, it can be searched, and without a script it is all there.
"""

import functools
import re
from collections.abc import Mapping, Sequence
from html import escape
from importlib import resources

ELEMENT = "lr-predict"
# JupyterLab's keys, such as "d d": it asks what has the focus, then what is around it
_NO_SHORTCUTS = 'data-lm-suppress-shortcuts="true"'
_MARKS = re.compile(r"`([^`]+)`|\$([^$]+)\$")


def question_html(name: str, question: str, options: Sequence[str]) -> str:
    """Return the question with its options; nothing in it tells which one is right."""
    listed = "".join(
        f'<li data-option="{escape(option)}">{_marked(option)}</li>'
        for option in options
    )
    return (
        f"{_opening('asks', name, f'Prediction: {_plain(question)}')}"
        '<p class="predict-title">Before you run this</p>'
        f'<p class="predict-question">{_marked(question)}</p>'
        f'<ul class="predict-options">{listed}</ul></{ELEMENT}>\n{_once()}'
    )


def answer_html(
    name: str, question: str, right: str, reasons: Mapping[str, str]
) -> str:
    """Return the answer, folded: the right option first, then the others."""
    ordered = sorted(reasons, key=lambda option: option != right)  # else as they were
    listed = "".join(
        f'<li data-option="{escape(option)}"{" data-right" * (option == right)}>'
        f"<b>{_marked(option)}</b> ({'right' if option == right else 'not so'}): "
        f'<span class="predict-why">{_marked(reasons[option])}</span></li>'
        for option in ordered
    )
    return (
        f"{_opening('settles', name, f'Answer: {_plain(question)}')}"
        f'<details><summary {_NO_SHORTCUTS}><span class="predict-line">The answer to '
        f"“{_marked(question)}”</span></summary>"
        f"<ul>{listed}</ul></details></{ELEMENT}>\n{_once()}"
    )


def _opening(what: str, name: str, label: str) -> str:
    return (
        f'<{ELEMENT} data-{what}="{name}" role="group" aria-label="{escape(label)}" '
        f"{_NO_SHORTCUTS}>"
    )


def _plain(text: str) -> str:
    return _MARKS.sub(lambda found: found[1] or found[2], text)


def _marked(text: str) -> str:
    """Return text as HTML, with its code and its formulas."""

    def mark(found: re.Match[str]) -> str:
        if found[1]:
            return f"<code>{found[1]}</code>"
        return f'<span class="math tex2jax_process">\\({found[2]}\\)</span>'

    return _MARKS.sub(mark, escape(text))


@functools.cache
def _once() -> str:
    """Return style and script; on a page with several, the first ones serve all."""
    style, script = _lines_of("predict.css"), _lines_of("predict.js")
    return (
        f"<style>{style}</style><script>(() => {{\n"
        f"if (customElements.get('{ELEMENT}')) return;\n{script}\n}})();</script>"
    )


def _lines_of(name: str) -> str:
    """Return a file's lines but for those that are comments."""
    text = (resources.files("lrcourse.prediction") / "script" / name).read_text("utf-8")
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and line[:2] not in ("//", "/*"))
