"""The book as a site: found, read, printed, on any screen, in one look."""

import io
import json
import os
import re
from importlib.resources import files

import pytest
from bs4 import BeautifulSoup

from tests.browser.book import BOOK, CHAPTERS, CONTENT, PAGES, missing

if missing() and not os.environ.get("LRCOURSE_REQUIRE_BROWSER"):
    pytest.skip(f"browser tests not run: {missing()}", allow_module_level=True)

ONE = "book/01_one_number.html"
WORDS = (
    "warmup half-life momentum sharpness clamp cosine staircase CyclicLR "
    "range_test AdamW bias_correction 学习率"
).split()
PHONE = 380

# the characters of the longest line of prose
LONGEST_LINE = """() => { const all = [0];
  for (const p of document.querySelectorAll('article p, article li, article dd')) {
    if (p.closest('figure, pre, table, lr-figure') || !p.checkVisibility()) continue;
    const walk = document.createTreeWalker(p, NodeFilter.SHOW_TEXT), lines = {};
    for (let n; n = walk.nextNode();) {
      if (n.parentElement.closest('mjx-container, li li')) continue;
      for (let i = 0; i < n.length; i++) {
        const range = document.createRange();
        range.setStart(n, i); range.setEnd(n, i + 1);
        const box = range.getClientRects()[0];
        if (!box) continue;
        const line = Math.round((box.top + box.bottom) / 16);
        lines[line] = (lines[line] ?? 0) + 1;
      }
    }
    all.push(...Object.values(lines));
  }
  return Math.max(...all); }"""
FOCUSED = """() => { let a = document.activeElement;
  while (a.shadowRoot?.activeElement) a = a.shadowRoot.activeElement;
  const question = a.closest('.exercise, .solution, lr-predict');
  return [a.tagName, String(a.className), Boolean(question)] }"""
# what wide things hide, unless they scroll inside themselves
CUT = """() => [...document.querySelectorAll(
    'pre, table, mjx-container, img, lr-figure')]
  .filter(e => e.closest('article'))
  .filter(e => e.checkVisibility() && !e.closest('mjx-assistive-mml'))
  .filter(e => { for (let a = e; a.tagName !== 'ARTICLE'; a = a.parentElement)
    if (/auto|scroll/.test(getComputedStyle(a).overflowX)) return false;
    return e.getBoundingClientRect().right > innerWidth + 1; })
  .map(e => e.outerHTML.slice(0, 80))"""
NOT_PRINTABLE = """() => [...document.querySelectorAll('article, article *')]
  .filter(e => e.checkVisibility() && !e.closest('svg, mjx-assistive-mml, script'))
  .map(e => [getComputedStyle(e), e])
  .filter(([s, e]) => s.color !== 'rgb(0, 0, 0)'
    || !/rgba\\(0, 0, 0, 0\\)|rgb\\(255, 255, 255\\)/.test(s.backgroundColor))
  .map(([s, e]) => [e.outerHTML.slice(0, 60), s.color, s.backgroundColor])"""


def size_of_text(svg):
    """Return the smallest size of a Matplotlib figure's text, in points."""
    text = (BOOK / "_images" / svg).read_text(encoding="utf-8")
    sizes = [100 * float(s) for s in re.findall(r"scale\((0\.\d+) -0\.\d+\)", text)]
    return min(sizes, default=11.0)


@pytest.mark.parametrize("name", CONTENT, scope="module")
def test_a_figures_text_is_9_pixels_high_on_a_phone(name, server, read):
    page, _, _ = read(server + name, width=PHONE)
    shown = page.eval_on_selector_all(
        "article div.cell_output img",
        "all => all.map(i => [i.src, i.getBoundingClientRect().width, i.naturalWidth])",
    )
    heights = {
        address: size_of_text(address.rpartition("/")[2]) * width / (0.75 * natural)
        for address, width, natural in shown
        if address.endswith(".svg")
    }
    assert {src: high for src, high in heights.items() if high < 9} == {}


@pytest.mark.parametrize("name", CONTENT, scope="module")
def test_a_line_has_at_most_80_characters_and_figures_fit(name, server, read):
    page, _, _ = read(server + name)
    assert page.evaluate(LONGEST_LINE) <= 80
    column = page.locator("article").first.bounding_box()["width"]
    for figure in page.locator("article img, article lr-figure").all():
        assert figure.bounding_box()["width"] <= column


def test_the_front_page_uses_its_width(server, visit):
    page, _, _ = visit(server + "book/intro.html", width=1200)
    box = page.locator("article").bounding_box()
    assert box["x"] + box["width"] > 1100


def test_few_stops_of_the_tab_key_lead_from_the_title_to_the_next_page(server, visit):
    page, _, _ = visit(server + ONE)
    page.wait_for_selector("button.copybtn", state="attached")
    page.wait_for_function("MathJax.startup.promise")
    page.evaluate("document.querySelector('article h1').tabIndex = -1")
    page.evaluate("document.querySelector('article h1').focus()")
    stops = []
    for _ in range(150):
        page.keyboard.press("Tab")
        tag, look, in_question = page.evaluate(FOCUSED)
        if "right-next" in look:
            break
        stops.append((tag, look, in_question))
    counted = [(tag, look) for tag, look, question in stops if not question]
    counted = [stop for stop in counted if stop[0] != "SUMMARY"]
    assert "right-next" in look
    assert len(counted) <= 45, counted
    assert sum("copybtn" in look for _, look in counted) == 1


def test_arrow_keys_go_from_one_copy_button_to_the_next(server, visit):
    page, _, _ = visit(server + ONE)
    page.wait_for_selector("button.copybtn[tabindex='0']", state="attached")
    first = page.evaluate("document.querySelector('.copybtn[tabindex=\"0\"]').focus()")
    first = page.evaluate("document.activeElement.dataset.clipboardTarget")
    page.keyboard.press("ArrowDown")
    second = page.evaluate("document.activeElement.dataset.clipboardTarget")
    assert second not in (None, first)
    assert page.locator(".cell_output button.copybtn").count() == 0


@pytest.mark.parametrize("name", CHAPTERS, scope="module")
def test_the_contents_mark_the_section_that_is_read(name, server, read):
    page, _, _ = read(server + name)
    links = page.locator("#pst-page-toc-nav a")
    marks = "[...document.querySelectorAll('#pst-page-toc-nav a[aria-current]')]"
    for i in range(links.count() - 2):  # the last ones stand at the page's end together
        place = links.nth(i).get_attribute("href")
        page.evaluate(
            "place => document.querySelector(place).scrollIntoView("
            "{behavior: 'instant'})",
            place,
        )
        page.wait_for_function(
            f"place => {marks}.map(a => a.getAttribute('href')).join() === place",
            arg=place,
            timeout=5000,
        )


def test_on_a_phone_the_drawer_of_contents_closes_behind_the_reader(server, visit):
    page, _, _ = visit(server + ONE, width=PHONE)
    page.locator("button.secondary-toggle").click()
    page.locator("dialog#pst-secondary-sidebar-modal[open] a").nth(2).click()
    page.wait_for_function("!document.querySelector('dialog[open]')")
    assert page.evaluate("location.hash.length") > 1


@pytest.mark.parametrize("scheme", ["file", "http"])
def test_every_search_word_leads_to_a_heading_where_it_stands(scheme, server, visit):
    root = BOOK.as_uri() + "/" if scheme == "file" else server
    page, _, said = visit(root + "search.html")
    for word in (word.replace("_", " ") for word in WORDS):
        page.goto(f"{root}search.html?q={word}")
        hits = page.locator(".search-list a")
        hits.first.wait_for()
        addresses = [hit.get_attribute("href") for hit in hits.all()]
        assert all("#" in address for address in addresses)
        assert not addresses[0].startswith("book/bibliography")
        assert page.locator(".search-list mark").count() > 0
        name, _, anchor = addresses[0].partition("#")
        html = (BOOK / name).read_text(encoding="utf-8")
        place = html.partition(f'id="{anchor}"')[2][:6000]
        assert word.lower() in place.lower()
    assert said == []


def test_the_index_holds_the_glossary_in_both_languages():
    text = (BOOK / "genindex.html").read_text(encoding="utf-8")
    assert "学习率" in text
    assert "half-life" in text


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", CONTENT, scope="module")
def test_a_page_prints_black_on_white_and_whole(name, scheme, server, read):
    page, _, _ = read(server + name, scheme)
    page.emulate_media(media="print", color_scheme=scheme)
    assert page.evaluate(NOT_PRINTABLE) == []
    assert page.locator("article h1").first.is_visible()
    torn = page.eval_on_selector_all(
        "article figure, article .cell_input, article .admonition:not(details)",
        "all => all.filter(e => e.checkVisibility()"
        "  && getComputedStyle(e).breakInside !== 'avoid').length",
    )
    assert torn == 0
    filters = page.eval_on_selector_all(
        "article img", "all => all.map(i => getComputedStyle(i).filter)"
    )
    page.emulate_media(media="screen", color_scheme=scheme)
    assert {*filters} <= {"none"}


@pytest.mark.parametrize("name", CONTENT, scope="module")
def test_figures_stand_on_the_pages_own_dark(name, server, read):
    image = pytest.importorskip("PIL.Image")
    page, _, _ = read(server + name, "dark")
    ground = page.evaluate(
        "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
    )
    for figure in page.locator("article div.cell_output img").all():
        shot = image.open(io.BytesIO(figure.screenshot())).convert("RGB")
        corners = [shot.getpixel((2, 2)), shot.getpixel((shot.width - 3, 2))]
        for corner in corners:
            assert max(abs(a - b) for a, b in zip(corner, ground, strict=True)) <= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES, scope="module")
def test_axe_finds_nothing_in_the_book(name, scheme, server, read):
    axe = pytest.importorskip("axe_playwright_python", reason="axe is not installed")
    page, _, _ = read(server + name, scheme)
    page.evaluate((files(axe) / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate(
        "axe.run({exclude: ['.highlight pre']}, {resultTypes: ['violations']})"
        ".then(all => all.violations.map(each => [each.id, each.nodes[0].html]))"
    )
    assert found == []


@pytest.mark.parametrize("name", CHAPTERS, scope="module")
def test_figures_and_exercises_count_within_their_chapter(name, server, read):
    page, _, _ = read(server + name)
    chapter = int(name[len("book/") :][:2])
    said = page.locator("article figcaption .caption-number").all_inner_texts()
    wanted = [f"Figure {chapter}.{i}" for i in range(1, len(said) + 1)]
    assert [text.strip() for text in said] == wanted
    interactive = page.locator("lr-figure")
    assert page.locator("figure.interactive figcaption").count() == interactive.count()
    titles = page.locator(".exercise > .admonition-title").all_text_contents()
    counts = [re.search(r"Exercise ([\d.]+)", title)[1] for title in titles]
    assert counts == [f"{chapter}.{i}" for i in range(1, len(counts) + 1)]


def test_every_page_has_a_title_and_a_description_of_its_own():
    titles, descriptions = [], []
    for name in CONTENT:
        page = BeautifulSoup((BOOK / name).read_bytes(), "html.parser")
        titles.append(page.title.string)
        descriptions.append(page.find("meta", {"name": "description"})["content"])
        assert len(page.select("img.logo__image")) == 1
    assert len({*titles}) == len({*descriptions}) == len(CONTENT)
    halves = [title.partition(" — ") for title in titles]
    assert all(first != second for first, _, second in halves)
    assert all(len(text) > 20 for text in descriptions)


@pytest.mark.parametrize("name", CHAPTERS, scope="module")
def test_a_chapter_hands_out_its_exercises_without_solutions(name, server, read):
    page, _, _ = read(server + name)
    links = page.locator("#exercises .admonition.do a.download").all()
    places = [link.evaluate("a => a.href") for link in links]
    assert len(places) == 2
    texts = [page.request.get(place).text() for place in places]
    sources = "".join("".join(c["source"]) for c in json.loads(texts[0])["cells"])
    assert "NotImplementedError" in sources
    assert "BEGIN SOLUTION" not in sources


@pytest.mark.parametrize("name", CHAPTERS, scope="module")
def test_a_verdict_is_a_pill_with_its_word_and_its_hue(name, server, read):
    page, _, _ = read(server + name)
    pills = page.eval_on_selector_all(
        ".admonition.articles .verdict",
        "all => all.map(e => [e.textContent, e.className, getComputedStyle(e).color])",
    )
    assert pills
    hues = {re.search(r"verdict-(\w+)", look)[1]: color for _, look, color in pills}
    assert len({*hues.values()}) == len(hues)
    heads = {"true": "TCR", "false": "FW", "half": "H", "open": "NO"}
    for text, look, _ in pills:
        assert text[0] in heads[re.search(r"verdict-(\w+)", look)[1]]


@pytest.mark.parametrize("name", CONTENT, scope="module")
def test_a_phone_cuts_nothing_and_has_room_for_a_finger(name, server, read):
    page, _, _ = read(server + name, width=PHONE)
    assert page.evaluate(CUT) == []
    heights = page.evaluate(
        "[...document.querySelectorAll('lr-figure')].flatMap(f => "
        "[...f.shadowRoot.querySelectorAll('button, select')])"
        ".map(b => b.getBoundingClientRect().height)"
    )
    assert min(heights, default=40) >= 40
    faint = page.eval_on_selector_all(
        "button.copybtn",
        "all => all.filter(b => getComputedStyle(b).opacity < 1).length",
    )
    assert faint == 0


@pytest.mark.parametrize("name", CONTENT, scope="module")
def test_a_page_has_two_typefaces(name, server, read):
    page, _, _ = read(server + name)
    faces = page.evaluate(
        """() => [...new Set([...document.querySelectorAll('body *')]
        .filter(e => e.checkVisibility() && !e.closest('mjx-container, svg, kbd'))
        .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
        .map(e => getComputedStyle(e).fontFamily))]"""
    )
    assert len(faces) <= 2, faces


def test_back_at_the_plain_address_a_figure_is_in_its_first_state(server, visit):
    page, _, _ = visit(server + ONE)
    figure = page.locator("lr-figure").first
    start = figure.evaluate("f => JSON.stringify(f.state)")
    page.evaluate(
        "document.querySelector('a[href=\"#one-number-on-the-line\"]').click()"
    )
    page.wait_for_function("location.hash.length > 1")
    assert figure.evaluate("f => JSON.stringify(f.state)") != start
    page.go_back()
    page.wait_for_function("location.hash.length < 2")
    page.wait_for_timeout(100)
    assert figure.evaluate("f => JSON.stringify(f.state)") == start


@pytest.mark.parametrize("name", CONTENT, scope="module")
def test_an_interactive_figure_is_a_group_and_says_what_it_shows(name, server, read):
    page, _, _ = read(server + name)
    for figure in page.locator("lr-figure").all():
        assert figure.get_attribute("role") == "group"
        assert len(figure.get_attribute("aria-label")) > 40
        names = figure.evaluate(
            "f => [...f.shadowRoot.querySelectorAll('svg[role=img]')]"
            ".map(s => s.getAttribute('aria-label'))"
        )
        assert all(name and len(name) > 15 for name in names), names


def test_the_articles_come_first_in_the_bibliography(server, visit):
    page, _, _ = visit(server + "book/bibliography.html")
    entries = page.locator("div.citation").all_inner_texts()
    assert [entry.strip()[:9] for entry in entries[:3]] == [
        "Article A", "Article B", "Article C",
    ]  # fmt: skip
