// The search page: sections of window.bookSections that hold every word, the best first.
(() => {
  const plain = (text) => text.toLowerCase().replace(/[-‐‑–]/g, '');
  const query = new URLSearchParams(location.search).get('q')?.trim() ?? '';
  const words = plain(query).split(/\s+/).filter(Boolean), phrase = words.join(' ');
  const count = (text, word) => text.split(word).length - 1;
  const made = (tag, attributes = {}, ...children) => {
    const node = Object.assign(document.createElement(tag), attributes);
    node.append(...children);
    return node;
  };

  const score = (kind, address, title, text) => {
    const heading = plain(title), whole = `${heading} ${plain(text)}`;
    if (!words.every((word) => whole.includes(word))) return 0;
    const names = kind === 'term' ? heading.split(' · ') : [];
    const named = names.includes(phrase) ? 400 : names.some((name) => name.startsWith(phrase)) ? 150 : 0;
    const titled = kind === 'section' && heading.includes(phrase) ? 200 : 0;
    const said = Math.min(12, whole.split(phrase).length - 1) * 8 + Math.min(...words.map((word) => Math.min(12, count(whole, word)))) * 2;
    const list = /bibliography|genindex|house/.test(address) ? 0.01 : 1;
    return (named + titled + said + (kind === 'figure' ? -4 : 0)) * list;
  };
  const pattern = new RegExp(`(${[query, ...words].map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`, 'giu');
  const marked = (text) => text.split(pattern).map((piece, i) => (i % 2 ? made('mark', {}, piece) : piece));
  const excerpt = (text) => {
    const low = text.toLowerCase();  // as long as the text, which `plain` is not
    const at = Math.max(0, ...[query.toLowerCase(), ...words].map((word) => low.indexOf(word)).slice(0, 2));
    const from = at < 70 ? 0 : low.indexOf(' ', at - 70) + 1, part = text.slice(from, from + 200);
    return made('p', {}, from ? '… ' : '', ...marked(part), from + 200 < text.length ? ' …' : '');
  };

  const field = document.querySelector('main input[name=q]') ?? document.querySelector('input[name=q]');
  if (field) field.value = query;
  const place = document.getElementById('search-results');
  const found = !words.length ? [] : (window.bookSections ?? []).flatMap(([address, page, entries]) => entries
    .map(([kind, anchor, title, text]) => ({ points: score(kind, address, title, text), kind, address, anchor, page, title, text })))
    .filter(({ points }) => points > 0).sort((a, b) => b.points - a.points);
  const kinds = { term: 'Glossary', figure: 'Figure' };
  const items = found.slice(0, 40).map(({ kind, address, anchor, page, title, text }) => made('li', {},
    made('a', { href: `${address}#${anchor}` }, ...marked(title)),
    made('small', {}, page === title ? '' : ` ${kinds[kind] ? `${kinds[kind]}, ` : ''}${page}`), text ? excerpt(text) : ''));
  place.append(made('p', { role: 'status' }, !words.length ? 'Type a word and press Enter.'
    : found.length ? `${found.length} place${found.length > 1 ? 's' : ''} for “${query}”` : `Nothing found for “${query}”.`),
  made('ol', { className: 'search-list' }, ...items));
})();
