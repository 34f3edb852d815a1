// A number over two controls, as colours from the faintest to the strongest, with a cursor.
const SHADES = 32;
const shareOf = (value, [low, high], log) => {
  const f = log ? Math.log : (v) => v;
  return Math.max(0, Math.min(1, (f(value) - f(low)) / (f(high) - f(low) || 1)));
};
const shadeOf = (share, isLow) => Math.min(SHADES - 1, Math.floor((isLow ? 1 - share : share) * SHADES));  // the best is the strongest
drawings.map = ({ title, about, of, x, y, best, same, within, lost, lost_any: lostAny, log, range }, { recorded, width, height }) => {
  const across = recorded.control(x), up = recorded.control(y), [columns, rows] = [across.values.length, up.values.length];
  const longest = Math.max(...up.values.map((value) => shownOf(value).length));
  const view = new View({ title, about, left: Math.max(58, 28 + 6.4 * longest),
    x: [-0.5, columns - 0.5], y: [-0.5, rows - 0.5], xNames: across.values.map(shownOf), yNames: up.values.map(shownOf),
    xlabel: across.label, ylabel: up.label, height, width, below: 42 });
  const [w, h] = [view.x(1) - view.x(0), view.y(0) - view.y(1)], gap = Math.min(w, h) > 9 ? 1 : 0;
  const box = (i, j, grow = 0) => ({ x: round(view.x(i) - w / 2 + gap / 2 - grow), y: round(view.y(j) - h / 2 + gap / 2 - grow),
    width: round(w - gap + 2 * grow), height: round(h - gap + 2 * grow) });
  view.plot.setAttribute('overflow', 'visible');
  view.svg.prepend(hatch());
  const isLow = best === 'min', key = keyOf(view, range, log, isLow, lostAny && lost);
  const moveTo = (set, i, j) => set({ [x]: across.values[Math.max(0, Math.min(columns - 1, i))], [y]: up.values[Math.max(0, Math.min(rows - 1, j))] });
  const placeOf = (state) => [across.values.indexOf(state[x]), up.values.indexOf(state[y])];
  let here = [0, 0];
  return { node: view.node,
    bind(set) {
      view.onDrag((p, q) => moveTo(set, Math.round(p), Math.round(q)), true);
      for (const [name, value] of Object.entries({ tabindex: 0, role: 'application', 'aria-roledescription': 'map' })) view.svg.setAttribute(name, value);
      view.svg.addEventListener('keydown', (event) => {
        const [i, j] = here;
        const to = { ArrowLeft: [i - 1, j], ArrowRight: [i + 1, j], ArrowUp: [i, j + 1], ArrowDown: [i, j - 1],
          Home: [0, j], End: [columns, j], PageUp: [i, rows], PageDown: [i, 0] }[event.key];
        if (!to || event.altKey || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        moveTo(set, ...to);
      });
    },
    update(state) {
      here = placeOf(state);
      const cells = [];
      up.values.forEach((b, j) => across.values.forEach((a, i) => {
        const other = { ...state, [x]: a, [y]: b }, value = recorded.number(of, other);
        cells.push(value);
        view.put(`cell ${i} ${j}`, 'rect', { class: `cell ${Number.isFinite(value) ? `shade${shadeOf(shareOf(value, range, log), isLow)}` : 'lost'}`, ...box(i, j) });
        if (same) view.put(`same ${i} ${j}`, 'circle', { class: 'alike', cx: round(view.x(i)), cy: round(view.y(j)), r: Math.min(3, w / 5, h / 5),
          visibility: isSame(recorded, same, within, other, state) ? 'visible' : 'hidden' });
      }));
      const at = best ? [across.values.findIndex((value) => shownOf(value) === recorded.number(`best ${x}`, state)),
        up.values.findIndex((value) => shownOf(value) === recorded.number(`best ${y}`, state))] : [-1, -1];
      view.put('best', 'path', { class: 'star', visibility: at[0] < 0 ? 'hidden' : 'visible',
        d: diamond(view.x(at[0]), view.y(at[1]), Math.max(3.5, Math.min(w, h) / 4)) });
      view.put('under', 'rect', { class: 'cursor under', rx: 2, ...box(...here, 1.5) });
      view.put('cursor', 'rect', { class: 'cursor', rx: 2, ...box(...here, 1.5) });
      const value = recorded.number(of, state);
      key(value);
      return { cells, value };
    } };
};
const hatch = () => {  // what no shade is
  const pattern = element('pattern', { id: 'hatch', width: 5, height: 5, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' });
  pattern.append(element('path', { class: 'hatch', d: 'M0 0V5' }));
  return pattern;
};
const diamond = (x, y, r) => `M${round(x)} ${round(y - r)}l${round(r)} ${round(r)}l${round(-r)} ${round(r)}l${round(-r)} ${round(-r)}Z`;

// The key below a map: all shades, what their ends mean, and a mark at the cursor's value.
const keyOf = (view, [low, high], log, isLow, lost) => {
  const y = view.height - 34, left = view.left, right = view.right - (lost ? 22 + 5.9 * lost.length : 0), w = (right - left) / SHADES;
  for (let i = 0; i < SHADES; i += 1) {
    const shade = isLow ? SHADES - 1 - i : i;
    view.svg.append(element('rect', { class: `cell shade${shade}`, x: round(left + i * w), y, width: round(w + 0.4), height: 9 }));
  }
  const middle = log ? Math.sqrt(low * high) : (low + high) / 2;
  [[low, left, 'start'], [middle, (left + right) / 2, 'middle'], [high, right, 'end']].forEach(([value, x, anchor]) => view.svg.append(
    element('text', { x, y: y + 22, 'text-anchor': anchor }, shownOf(value))));
  if (lost) {
    view.svg.append(element('rect', { class: 'cell lost', x: right + 6, y, width: 12, height: 9 }), element('text', { x: right + 22, y: y + 9 }, lost));
  }
  const mark = view.svg.appendChild(element('path', { class: 'pointer' }));
  return (value) => {
    const x = Number.isFinite(value) ? left + shareOf(value, [low, high], log) * (right - left) : right + 12;
    mark.setAttribute('d', `M${round(x)} ${y - 1}l-4.5 -6h9Z`);
  };
};
