// Views of recorded runs that are lines or points: over time, across a control, against each other.
const kinds = ['first', 'second', 'third', 'fourth'];
const nearestOf = (values, to) => values.reduce((best, each, i) => (Math.abs(each - to) < Math.abs(values[best] - to) ? i : best), 0);
const legendOf = (lines, colors) => (lines.length > 1 ? lines.map(([label], i) => [label, colors[i]]) : []);
const levelsOn = (view, levels) => Object.entries(levels).forEach(([name, y]) => view.level(name, y));
const drawings = {};

drawings.curves = ({ title, about, lines, x, across, xlabel, behind, at, dots, color, log, range, levels = {} }, { recorded, width, height }) => {
  const colors = [...kinds.slice(color - 1), ...kinds];
  const wide = [across[0], across[1] + 0.02 * (across[1] - across[0])];
  const view = new View({ title, about, x: wide, y: range, logY: log, xlabel, height, width, legend: legendOf(lines, colors) });
  const xs = (state) => (typeof x === 'string' ? recorded.course(x, state) : x), others = behind ? recorded.control(behind).values : [];
  levelsOn(view, levels);
  return { node: view.node,
    bind: (set) => at && view.onDrag((place) => set({ [at]: recorded.control(at).values[nearestOf(recorded.control(at).values, place)] })),
    update(state) {
      const drawn = Object.fromEntries(lines.map(([label, name]) => [label, recorded.course(name, state)]));
      others.forEach((value, i) => {
        const other = { ...state, [behind]: value };
        view.curve(`behind ${i}`, 'pale', xs(other), recorded.course(lines[0][1], other));
      });
      [...lines].reverse().forEach(([label], i) => view.curve(`line ${label}`, colors[lines.length - 1 - i], xs(state), drawn[label]));
      nameBehind(view, others.filter((value) => value !== state[behind]).map((value) => {
        const other = { ...state, [behind]: value };
        return [shownOf(value), xs(other), recorded.course(lines[0][1], other)];
      }));
      const empty = lines.every(([label]) => !drawn[label].some(Number.isFinite));
      view.put('empty', 'text', { x: (view.left + view.right) / 2, y: (view.top + view.bottom) / 2, 'text-anchor': 'middle' },
        empty ? 'nothing to see in this state' : '');
      if (dots) recorded.course(dots, state).forEach((y, i) => view.dot(`dot ${i}`, colors[0], xs(state)[i], y, 3));
      if (at) {
        const place = recorded.control(at).values.indexOf(state[at]);
        view.upright('now', 'now', xs(state)[place]);
        lines.forEach(([label], i) => view.dot(`at ${label}`, colors[i], xs(state)[place], drawn[label][place]));
      }
      return { x: xs(state), ...drawn };
    } };
};

drawings.across = ({ title, about, lines, along, behind, best, log, range, levels = {} }, { recorded, width, height }) => {
  const { values, label } = recorded.control(along), named = values.some((value) => typeof value === 'string');
  const [first, last] = [Math.min(...values), Math.max(...values)], logX = !named && first > 0 && last / first >= 4;
  const room = logX ? [first / 1.3, last * 1.3] : [first - 0.06 * (last - first), last + 0.06 * (last - first)];
  const places = named ? [...values.keys()] : values;
  const view = new View({ title, about, x: named ? [-0.5, values.length - 0.5] : room, logX, xTicks: named ? undefined : values,
    xNames: named ? values : undefined, y: range, logY: log, xlabel: label, height, width, legend: legendOf(lines, kinds) });
  const others = behind ? recorded.control(behind).values : [];
  levelsOn(view, levels);
  return { node: view.node,
    bind: (set) => view.onDrag((x) => set({ [along]: values[nearestOf(logX ? places.map(Math.log10) : places, x)] })),
    update(state) {
      const numbers = (name, from) => values.map((value) => recorded.number(name, { ...from, [along]: value }));
      others.forEach((value, i) => view.curve(`behind ${i}`, 'pale', places, numbers(lines[0][1], { ...state, [behind]: value })));
      view.upright('now', 'now', places[values.indexOf(state[along])]);
      const drawn = {};
      lines.forEach(([label, name], i) => {
        const ys = drawn[label] = numbers(name, state);
        view.curve(`line ${label}`, kinds[i], places, ys);
        ys.forEach((y, k) => view.dot(`dot ${i} ${k}`, kinds[i], places[k], y, 3));
        view.dot(`at ${i}`, lines.length > 1 ? kinds[i] : 'second', places[values.indexOf(state[along])], recorded.number(name, state), 5.5);
      });
      nameBehind(view, others.filter((value) => value !== state[behind])
        .map((value) => [shownOf(value), places, numbers(lines[0][1], { ...state, [behind]: value })]));
      const at = best ? values.findIndex((value) => shownOf(value) === recorded.number(`best ${along}`, state)) : -1;
      view.dot('best', 'mark', places[at] ?? NaN, drawn[lines[0][0]][at], 9);
      return drawn;
    } };
};

drawings.points = ({ title, about, x, y, xlabel, across, same, within, logx, log, range, levels = {} }, { recorded, controls, width, height }) => {
  const view = new View({ title, about, x: across, logX: logx, y: range, logY: log, xlabel, height, width });
  const sliders = controls.filter(({ kind }) => kind === 'stops'), spots = (all) => all.filter(([p, q]) => Number.isFinite(p) && Number.isFinite(q))
    .map(([p, q]) => `M${round(view.x(p))} ${round(view.y(q))}h0`).join('');
  let states = [], here = {};
  levelsOn(view, levels);
  const pointOf = (state) => [recorded.number(x, state), recorded.number(y, state)];
  return { node: view.node,
    bind: (set) => view.onDrag((p, q) => {
      const away = (state) => {
        const [a, b] = pointOf(state);
        return Number.isFinite(a) && Number.isFinite(b) ? Math.hypot(view.x(logx ? 10 ** p : p) - view.x(a), view.y(log ? 10 ** q : q) - view.y(b)) : Infinity;
      };
      const nearest = states.reduce((best, state) => (away(state) < away(best) ? state : best), here);
      set(Object.fromEntries(sliders.map(({ key }) => [key, nearest[key]])));
    }, true),
    update(state) {
      here = state;
      states = statesOver(sliders, state);
      const alike = same ? states.filter((other) => isSame(recorded, same, within, other, state)) : [];
      view.put('all', 'path', { class: 'spots pale', d: spots(states.map(pointOf)) });
      view.put('same', 'path', { class: 'spots first', d: spots(alike.map(pointOf)) });
      view.dot('at', 'second', ...pointOf(state), 6);
      return { point: pointOf(state), same: alike.length };
    } };
};
const isSame = (recorded, name, within, a, b) => {
  const [p, q] = [recorded.number(name, a), recorded.number(name, b)];
  return Math.abs(p - q) <= within * Math.abs(q);
};

drawings.histogram = ({ title, about, of, x, xlabel, over = [], over_name: overName, across, range }, { recorded, width, height }) => {
  const view = new View({ title, about, x: across, y: range, xlabel, height, width, legend: overName ? [[overName, 'second']] : [] });
  const high = Math.max(...over), low = Math.min(...over);
  return { node: view.node,
    update(state) {
      const xs = typeof x === 'string' ? recorded.course(x, state) : x, shares = recorded.course(of, state), half = (xs[1] - xs[0]) / 2;
      const bar = (at, i) => `M${round(view.x(at - half))} ${round(view.y(0))}V${round(view.y(shares[i]))}H${round(view.x(at + half))}V${round(view.y(0))}`;
      view.put('bars', 'path', { class: 'bars', d: xs.map(bar).join('') });
      if (over.length) view.curve('over', 'second', xs, over.map((y) => range[1] * (0.03 + 0.94 * (y - low) / (high - low || 1))));
      return { shares };
    } };
};
