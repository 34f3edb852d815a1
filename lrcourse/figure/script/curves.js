// Curves over one axis, two of them compared at a place; schedules with what they spend.
const curves = (spec) => {
  const x = floats(spec.x), own = spec.own ?? [];
  const series = Object.fromEntries(Object.entries(spec.series).map(([name, text]) => [name, floats(text)]));
  const spent = Object.fromEntries(Object.entries(series).map(([name, rates]) => {
    let sum = 0;
    return [name, rates.map((rate) => { const before = sum; sum += rate; return before; })];
  }));
  const viewOf = (title, data, width) => {
    const all = Object.values(data).flat().filter(Number.isFinite);
    const low = Math.min(0, ...all), high = Math.max(...all), room = 0.05 * (high - low || 1);
    const view = new View({ title, about: `${title} over ${spec.xlabel}: ${Object.keys(data).join(', ')}`,
      x: [x[0], x.at(-1) + 0.02 * (x.at(-1) - x[0])], y: [low - room, high + room], xlabel: spec.xlabel, height: 210, width });
    for (const [name, y] of Object.entries(data)) view.curve(name, own.includes(name) ? 'own' : 'pale', x, y);
    return view;
  };
  const parts = spec.spent
    ? [[viewOf(spec.ylabel, series), series], [viewOf('spent so far', spent), spent]]
    : [[viewOf(spec.ylabel, series, 360), series]];
  const at = (value) => (Number.isNaN(value) ? 'no number' : `at ${short(value)}`);
  return {
    views: parts.map(([view]) => view),
    bind: (set) => parts.forEach(([view]) => view.onDrag((place) => {
      const nearest = x.reduce((best, each) => (Math.abs(each - place) < Math.abs(best - place) ? each : best));
      set({ place: nearest });
    })),
    update(state) {
      const { shown, against } = { ...spec.pair, ...state }, i = x.indexOf(state.place);
      for (const [view, data] of parts) {
        view.curve('against', 'second wide', x, data[against]);
        view.curve('shown', 'first', x, data[shown]);
        view.upright('now', 'now', x[i]);
        view.dot('b', 'second', x[i], data[against][i], 5.5);
        view.dot('a', 'first', x[i], data[shown][i], 3.5);
      }
      const [first] = parts[0];
      sayTogether(first, [['name a', 'first', shown], ['name b', 'second', against],
        ...own.map((name) => [`own ${name}`, 'own', `${name} (yours)`])]);
      const apart = written(Math.abs(series[shown][i] - series[against][i]), 5), spending = spec.spent
        ? ` They are ${apart} apart. Until then they have spent ${short(spent[shown][i])} and ${short(spent[against][i])}.` : '';
      return { values: { shown: series[shown], against: series[against], spent: spec.spent && spent[shown] },
        words: `At ${spec.xlabel} ${short(x[i])}, ${shown} is ${at(series[shown][i])} and ${against} is ${at(series[against][i])}.${spending}` };
    },
  };
};
