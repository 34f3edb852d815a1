// A call of a library: its curve, its numbers, and the same call in the others.
const conversionStyle = `.facts { border-collapse: collapse; font-size: 13px; width: 100%; } .facts th { text-align: left; font-weight: 400; color: var(--soft); padding: 3px 8px 3px 0; white-space: nowrap; vertical-align: top; }
.facts td { padding: 3px 0; font-variant-numeric: tabular-nums; } .values { display: grid; grid-template-columns: repeat(4, auto); gap: 0 10px; margin: 8px 0 0; font-size: 13px; font-variant-numeric: tabular-nums; }
.values div { text-align: right; } .values dt { color: var(--soft); } .values dd { margin: 0; font-weight: 600; }
.calls { margin: 6px 0 0; display: grid; grid-template-columns: 5.5em minmax(0, 1fr); gap: 6px 8px; font-size: 13px; } .calls dt { color: var(--soft); } .calls dd { margin: 0; }
.calls code { font: 12px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; } .calls .chosen { color: var(--second); font-weight: 600; } .calls small { display: block; color: var(--soft); font-size: 12px; }`;
const conversions = (spec) => {
  const x = Array.from({ length: spec.last + 1 }, (_, i) => i), read = {};
  const of = (call) => read[call] ??= { ...spec.calls[call], own: floats(spec.calls[call].own),
    curves: Object.fromEntries(Object.entries(spec.calls[call].curves).map(([name, text]) => [name, floats(text)])) };
  const view = new View({ title: 'learning rate', about: 'learning rate over updates, of the call and of its like in another library',
    x: [0, 1.02 * spec.last], y: [0, 1], xlabel: 'update', height: 230 });
  const facts = made('table', { className: 'facts' }), values = made('dl', { className: 'values' }), calls = made('dl', { className: 'calls' });
  const numbers = made('div', {}, made('style', {}, conversionStyle), facts, values), list = made('div', {}, calls);
  list.style.gridColumn = '1 / -1';
  view.node.style.gridRow = 'auto';
  return {
    views: [view, { node: numbers }, { node: list }],
    bind: (set) => view.onDrag((place) => set({ place: Math.max(0, Math.min(spec.last, Math.round(place))) })),
    update({ call, library, place }) {
      const found = of(call), twin = found.curves[library] ?? found.own;
      const top = Math.max(...found.own, ...twin);
      view.axis('y', [-0.04 * top, 1.08 * top], false);
      view.curve('twin', 'second wide', x, twin);
      view.curve('own', 'first', x, found.own);
      view.upright('end', 'calm', found.end !== null && found.end <= spec.last ? found.end : -spec.last);
      view.upright('now', 'now', place);
      view.dot('b', 'second', place, twin[place], 5.5);
      view.dot('a', 'first', place, found.own[place], 3.5);
      sayTogether(view, [['name a', 'first', 'the call'], ['name b', 'second', `in ${library}`]]);
      facts.replaceChildren(...found.facts.map(([name, text]) => {
        const row = made('tr', {}, made('th', { scope: 'row' }, name), made('td', {}, text));
        return row;
      }));
      values.replaceChildren(...found.values.map(([at, rate]) => made('div', {}, made('dt', {}, `at ${at}`), made('dd', {}, rate))));
      calls.replaceChildren(...found.calls.flatMap(([name, text, ...notes]) => [
        made('dt', { className: name === library ? 'chosen' : '' }, name),
        made('dd', {}, made('code', {}, text), ...notes.filter(Boolean).map((note) => made('small', {}, note)))]));
      return { values: { own: found.own, twin },
        words: `${found.head}. At update ${place} it is at ${short(found.own[place])}, in ${library} at ${short(twin[place])}.` };
    },
  };
};
