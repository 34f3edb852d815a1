// A recorded range test, smoothed as one likes, and the rates that rules read off it.
const smooth = (losses, beta) => {
  let total = 0;
  return losses.map((loss, i) => {
    total = beta * total + (1 - beta) * loss;
    return total / (1 - beta ** (i + 1));
  });
};
const ranges = (spec) => {
  const lrs = floats(spec.lrs), ends = [lrs[0], lrs.at(-1)];
  const tests = Object.fromEntries(Object.entries(spec.losses).map(([name, stored]) => [name, offLogScale(stored).slice(0, lrs.length)]));
  const names = Object.keys(Object.values(spec.found)[0][0]), betas = spec.controls[1].values;
  const typical = Object.values(tests).flat().filter(Number.isFinite).sort((a, b) => a - b);
  const first = tests[Object.keys(tests)[0]][0], low = typical[Math.floor(typical.length / 100)];
  const wide = [ends[0] / 1.5, ends[1] * 1.5];
  const curve = new View({ title: 'loss', about: 'loss over the learning rate of each update, and smoothed',
    x: wide, logX: true, y: [Math.max(0, low - 0.2 * (first - low)), first + 0.5 * (first - low)], height: 210 });
  const rows = new View({ title: 'rates read off', about: 'learning rates that each rule reads off',
    x: wide, logX: true, y: [names.length, 0], xlabel: 'learning rate', height: 70 + 20 * names.length });
  rows.svg.querySelectorAll('g > text[text-anchor=end]').forEach((text) => text.remove());
  const toUpdate = (logLr) => Math.max(0, Math.min(lrs.length - 1,
    Math.round((logLr - Math.log10(lrs[0])) / Math.log10(lrs.at(-1) / lrs[0]) * (lrs.length - 1))));
  const nearest = (lr) => toUpdate(Math.log10(lr));
  let shown = {};
  return {
    views: [curve, rows],
    bind(set) {
      for (const view of [curve, rows]) view.onDrag((x) => set({ update: toUpdate(x) }));
      names.forEach((name, row) => {
        for (const view of [curve, rows]) {
          const mark = view.dot(`mark ${name}`, 'mark', lrs[0], row + 0.5, 6);
          mark.append(element('title', {}, name));
          mark.addEventListener('pointerdown', (event) => { event.stopPropagation(); set({ update: nearest(shown[name]) }); });
        }
      });
    },
    update(state) {
      const losses = smooth(tests[state.test], state.beta), found = spec.found[state.test][betas.indexOf(state.beta)];
      shown = found;
      curve.curve('raw', 'pale', lrs, tests[state.test]);
      curve.curve('smoothed', 'first', lrs, losses);
      names.forEach((name, row) => {
        const lr = found[name] ?? NaN, there = Number.isFinite(lr);
        rows.dot(`mark ${name}`, 'mark', lr, row + 0.5, 6);
        rows.put(`name ${name}`, 'text', { class: 'calm', x: lr < Math.sqrt(ends[0] * ends[1]) ? round(rows.x(lr)) + 10 : there ? round(rows.x(lr)) - 10 : rows.left + 4,
          y: round(rows.y(row + 0.5)) + 4, 'text-anchor': there && lr >= Math.sqrt(ends[0] * ends[1]) ? 'end' : 'start' },
        there ? `${name}: ${short(lr)}` : `${name}: nothing`);
        curve.dot(`mark ${name}`, 'mark', lr, there ? losses[nearest(lr)] : NaN, 5);
      });
      for (const view of [curve, rows]) view.upright('now', 'now', lrs[state.update]);
      curve.dot('at', 'first', lrs[state.update], losses[state.update]);
      const read = names.map((name) => `${name} ${found[name] === null ? 'nothing' : short(found[name])}`);
      return { values: { losses, found, lr: lrs[state.update] },
        words: `${state.test}, smoothing ${short(state.beta)}: at the rate ${short(lrs[state.update])} the loss is ${short(losses[state.update])}. Read off: ${read.join(', ')}.` };
    },
  };
};
