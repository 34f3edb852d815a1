// A run on a bowl: its path, its rates beside the limit, its losses.
const groundOf = ({ eigenvalues, first }, height) => {
  const reach = first.map((w) => 1.25 * Math.abs(w) || 1);
  const view = new View({ title: 'path on the bowl', about: 'path over the bowl of two weights, with its contours',
    x: [-reach[0], reach[0]], y: [-reach[1], reach[1]], height });
  const outer = eigenvalues.reduce((sum, value, i) => sum + value * first[i] ** 2, 0);
  [0.02, 0.1, 0.3, 0.6, 1, 1.5].forEach((share, level) => {
    const [rx, ry] = eigenvalues.map((value) => Math.sqrt(share * outer / value));
    view.put(`level ${level}`, 'ellipse', { class: 'grid', cx: view.x(0), cy: view.y(0),
      rx: view.x(rx) - view.x(0), ry: view.y(0) - view.y(ry) });
  });
  view.dot('minimum', 'now', 0, 0, 2.5);
  return view;
};
const walk = (view, path, step) => {
  view.curve('path', 'first thin', path.map(([x]) => x), path.map(([, y]) => y));
  view.put('steps', 'path', { class: 'steps first', d: path.map(([x, y]) => `M${round(view.x(x))} ${round(view.y(y))}h0`).join('') });
  view.dot('at', 'first', ...path[Math.min(step, path.length - 1)]);
};
// Usually the axis of losses stays, so that runs can be compared; what leaves it, it follows.
const USUAL = [1e-6, 1e8];
const reachOf = (losses) => {
  const drawn = losses.filter((loss) => loss > 0 && Number.isFinite(loss)), decade = (v, to) => 10 ** to(Math.log10(v));
  return [Math.min(USUAL[0], decade(Math.min(...drawn), Math.floor)), Math.max(USUAL[1], decade(Math.max(...drawn), Math.ceil))];
};
const descent = (spec) => {
  const { steps } = spec, time = Array.from({ length: steps + 1 }, (_, i) => i);
  const shapes = Object.fromEntries(Object.entries(spec.shapes).map(([name, text]) => [name, floats(text)]));
  const highest = spec.controls.find(({ key }) => key === 'lr').high;
  const ground = groundOf(spec, 300);
  const rates = new View({ title: 'learning rate', about: 'learning rate of each update, and the limit of stability',
    x: [0, 1.02 * steps], y: [0, 1.05 * highest * Math.max(...Object.values(shapes).flat())], height: 150 });
  const losses = new View({ title: 'loss', about: 'loss before each update and after the last, on a logarithmic scale',
    x: [0, 1.02 * steps], y: USUAL, logY: true, xlabel: 'step', height: 150 });
  return {
    views: [ground, rates, losses],
    bind: (set) => [rates, losses].forEach((view) => view.onDrag((x) => set({ step: Math.max(0, Math.min(steps, Math.round(x))) }))),
    update(state) {
      const rule = spec.rules[state.rule], limit = spec.limits[state.rule];
      const run = descend(spec, rule, shapes[state.schedule].map((share) => state.lr * share));
      const count = (holds) => (limit === null ? 0 : run.lrs.filter(holds).length), same = 1e-9 * limit;
      const above = count((lr) => lr > limit + same), level = count((lr) => Math.abs(lr - limit) <= same);
      const top = run.losses.indexOf(Math.max(...run.losses));
      const step = Math.min(state.step, run.path.length - 1);
      walk(ground, run.path, step);
      rates.curve('lrs', 'second', time.slice(0, run.lrs.length), run.lrs);
      rates.across('limit', above ? 'alarm' : 'calm', limit ?? -highest,
        limit === null ? '' : `${rule.momentum ? '2(1 + β)/L' : '2/L'} = ${short(limit)}${above ? ', crossed' : level ? ', reached' : ''}`);
      rates.dot('at', 'second', step, run.lrs[Math.min(step, run.lrs.length - 1)]);
      losses.axis('y', reachOf(run.losses), true);
      losses.curve('losses', run.lost ? 'alarm' : 'first', time.slice(0, run.losses.length), run.losses);
      losses.dot('at', run.lost ? 'alarm' : 'first', step, run.losses[step]);
      const ends = `the loss goes from ${short(run.losses[0])} to ${short(run.losses.at(-1))} in ${run.lrs.length} updates`
        + `${top > 0 && top < run.path.length - 1 ? `, by way of ${short(run.losses[top])} at step ${top}` : ''}.`;
      const here = state.step < run.path.length - 1 ? ` At step ${step} it is ${short(run.losses[step])}.`
        : state.step > step ? ` It was given up before step ${state.step}.` : '';
      const beyond = limit === null ? ''
        : ` At ${above || 'none'} of ${run.lrs.length} updates the rate is above the limit of ${short(limit)}${level ? `, and at ${level} exactly on it` : ''}.`;
      return { values: run, alarm: run.lost,
        words: `${state.schedule}, ${state.rule}, rate ${short(state.lr)}: ${ends}${here}${run.lost ? ' The run is lost.' : ''}${beyond}` };
    },
  };
};
