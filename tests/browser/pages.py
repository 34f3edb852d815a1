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


# every element in a place with text of its own, against all layers behind it
LOW_CONTRAST = r"""within => {
  const light = c => { const [r, g, b] = c.map(v => { v /= 255;
    return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4 });
    return .2126 * r + .7152 * g + .0722 * b };
  const parse = c => { const n = c.match(/[\d.]+/g).map(Number);
    const unit = c.startsWith('color(') ? 255 : 1;  // srgb shares, not bytes
    return [...n.slice(0, 3).map(v => v * unit), n[3] ?? 1] };
  const over = (a, b) => [0, 1, 2].map(i => a[i] * a[3] + b[i] * (1 - a[3]));
  const line = e => e ? [e, ...line(e.parentElement)] : [];
  const behind = e => line(e)
    .map(a => parse(getComputedStyle(a).backgroundColor))
    .reduceRight((below, c) => over(c, below), [255, 255, 255]);
  const opacity = e => line(e).reduce((o, a) => o * getComputedStyle(a).opacity, 1);
  const speaks = e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
  return [...document.querySelectorAll(`${within} *`)]
    .filter(e => speaks(e) && e.checkVisibility({visibilityProperty: true}))
    .filter(e => !e.closest('svg, script, style, mjx-container'))
    .map(e => { const back = behind(e), c = parse(getComputedStyle(e).color);
      c[3] *= opacity(e);
      const a = light(over(c, back)), b = light(back);
      return [(Math.max(a, b) + .05) / (Math.min(a, b) + .05),
        e.tagName, e.textContent.slice(0, 40)] })
    .filter(([ratio]) => !(ratio >= 4.5)) }"""
