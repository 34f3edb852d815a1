"""Pages that hold figures and nothing else, and what they are asked."""

ALONE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Figures</title>
<meta name="viewport" content="width=device-width"><body><main><h1>Figures</h1>"""


def html(figure):
    return figure._repr_html_()


def outside(request):
    """Return the address that a page asks for, unless it is its own or no address."""
    inside = ("file:", "data:", "about:")
    return [] if request.url.startswith(inside) else [request.url]


def state(page, which=0):
    return page.locator("lr-figure").nth(which).evaluate("figure => figure.state")


def said(page):
    return page.locator("lr-figure .said").first.inner_text()
