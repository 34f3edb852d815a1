// Numbers with a name each, as rows that change their order; and one number, large.
drawings.rows = ({ title, about, of, names, low, high, order, highlight, log, range, levels = {}, rangeAt }, { recorded, width, height }) => {
  const longest = Math.max(...names.map((name) => name.length)), left = Math.min(0.5 * width, 14 + 6.9 * longest);
  const tall = Math.max(height, 62 + 22 * names.length);
  const view = new View({ title, about, x: range, logX: log, y: [names.length, 0], yNames: [], height: tall, width, left, spare: 46 });
  for (const [name, x] of Object.entries(levels)) {
    view.upright(name, 'now', x);
    view.put(`name ${name}`, 'text', { class: 'calm', x: round(view.x(x)) + 4, y: view.bottom - 5 }, name);
  }
  const rows = names.map((name) => {
    const row = view.svg.appendChild(element('g', { class: 'row' }));
    row.append(element('text', { x: left - 6, y: 4, 'text-anchor': 'end' }, name));
    const bar = row.appendChild(element('path', {})), dot = row.appendChild(element('circle', { r: 4 })), text = row.appendChild(element('text', { y: 4 }));
    return { row, bar, dot, text };
  });
  return { node: view.node,
    update(state) {
      const [lowest, highest] = rangeAt ? rangeAt(state) : range, base = log ? lowest : Math.max(lowest, Math.min(0, highest));
      if (rangeAt) view.axis('x', [lowest, highest], log);
      const values = recorded.list(of, state), ends = [low, high].map((name) => (name ? recorded.list(name, state) : values));
      const better = order === 'max' ? (a, b) => values[b] - values[a] : (a, b) => values[a] - values[b], isLost = (i) => !Number.isFinite(values[i]);
      const sorted = [...names.keys()].sort((a, b) => isLost(a) - isLost(b) || (order && !isLost(a) && !isLost(b) ? better(a, b) : 0) || a - b);
      names.forEach((name, i) => {
        const { row, bar, dot, text } = rows[i], kind = highlight && recorded.number(highlight, state) === name ? 'second' : 'first';
        const [x, from, to] = [values[i], low ? ends[0][i] : base, low ? ends[1][i] : values[i]].map((v) => round(Math.min(view.right, view.x(v))));
        row.style.transform = `translate(0, ${round(view.y(sorted.indexOf(i) + 0.5))}px)`;
        row.classList.toggle('gone', isLost(i));
        bar.setAttribute('class', `${low ? 'whisker' : 'bar'} ${kind}`);
        bar.setAttribute('d', isLost(i) ? '' : `M${from} 0H${to}`);
        dot.setAttribute('class', `dot ${kind}`);
        dot.setAttribute('cx', isLost(i) ? -20 : x);
        text.setAttribute('x', isLost(i) ? left + 4 : Math.max(to, x) + 8);
        text.textContent = isLost(i) ? 'lost' : shownOf(values[i]);
      });
      return { values, order: sorted.map((i) => names[i]) };
    } };
};

drawings.number = ({ title, of, words }, { recorded, say }) => {
  const large = made('p', { className: 'large' }), below = made('p', { className: 'below' });
  return { node: made('div', { className: 'number' }, made('p', { className: 'name' }, title), large, below),
    update(state) {
      const value = recorded.number(of, state);
      large.textContent = shownOf(value);
      below.textContent = say(words, state);
      return { value };
    } };
};
