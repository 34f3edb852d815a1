"""sphinx-thebe puts its constants on every page twice, which throws: drop them."""

from typing import Any

from sphinx.application import Sphinx


def drop(
    app: Sphinx, page: str, template: str, context: dict[str, Any], _: Any
) -> None:
    """Take Thebe's scripts off a page."""
    scripts = context.get("script_files", [])
    context["script_files"] = [each for each in scripts if not _is_thebe(each)]


def setup(app: Sphinx) -> dict[str, bool]:
    """Run after sphinx-thebe has added its scripts."""
    app.connect("html-page-context", drop, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _is_thebe(script: Any) -> bool:
    body = getattr(script, "attributes", {}).get("body") or ""
    return "thebe" in f"{getattr(script, 'filename', script)}{body}".lower()
