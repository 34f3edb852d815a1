// Momentum and rate as a plane: the stable region of heavy ball, and a run in it.
const whereOf = (lr, limit) => (Math.abs(lr - limit) <= 1e-9 * limit ? 'at' : lr > limit ? 'above' : 'below');
const momentum = (spec) => {
  const { steps, limits, tolerance } = spec, time = Array.from({ length: steps + 1 }, (_, i) => i);
  const [beta, lr] = spec.controls;
  const limitAt = (at) => limits[0] + (limits[1] - limits[0]) * at / beta.high;
  const plane = new View({ title: 'stable below', about: 'momentum across, learning rate up: the region where runs are stable, and the run that is set',
    x: [-0.04, 1.02], y: [0, lr.high], xlabel: 'momentum', height: 300 });
  const corner = [[0, 0], [0, limits[0]], [beta.high, limits[1]], [beta.high, 0]];
  plane.put('stable', 'path', { class: 'stable', d: `${pathOf(corner.map(([x, y]) => [plane.x(x), plane.y(y)]))}Z` });
  const limit = plane.curve('limit', 'calm', [0, beta.high], limits);
  const shares = new View({ title: 'distance left', about: 'share of the distance that is left, over steps, on a logarithmic scale',
    x: [0, steps], y: [1e-9, 100], logY: true, xlabel: 'step', height: 150 });
  const ground = groundOf(spec, 150);
  shares.across('tolerance', 'calm', tolerance, 'a thousandth');
  return {
    views: [plane, shares, ground],
    bind(set) {
      plane.onDrag((x, y) => set({
        momentum: Number(Math.min(Math.max(x, beta.low), beta.high).toFixed(2)),
        lr: Number(Math.min(Math.max(y, lr.low), lr.high).toPrecision(3)),
      }), true);
      for (const { label, state } of spec.states) {
        const mark = plane.dot(`mark ${label}`, 'mark', state.momentum, state.lr, 7);
        mark.append(element('title', {}, label));
        mark.addEventListener('pointerdown', (event) => { event.stopPropagation(); set(state); });
      }
    },
    update(state) {
      const run = descend(spec, { kind: 'sgd', momentum: state.momentum }, Array(steps).fill(state.lr));
      const top = limitAt(state.momentum), unstable = state.lr > top, place = whereOf(state.lr, top), kind = unstable ? 'alarm' : 'first';
      const start = Math.hypot(...run.path[0]), left = run.path.map((w) => Math.hypot(...w) / start);
      const arrived = left.findLastIndex((share) => !(share <= tolerance)) + 1;
      limit.setAttribute('class', `curve ${unstable ? 'alarm' : 'calm'}`);
      plane.aside.setAttribute('class', unstable ? 'alarm' : 'calm');
      plane.aside.textContent = `2(1 + β)/L = ${short(top)}${unstable ? ', crossed' : ''}`;
      plane.dot('at', kind, state.momentum, state.lr, 5);
      shares.curve('shares', kind, time.slice(0, left.length), left);
      shares.upright('arrived', 'now', arrived < left.length ? arrived : -1);
      walk(ground, run.path, steps);
      const after = arrived < left.length
        ? `A thousandth of the distance is left after ${arrived} updates.`
        : left.at(-1) > 1 ? `After ${left.length - 1} updates the distance is ${short(left.at(-1))} times what it was.`
        : `${short(left.at(-1))} of the distance is left after ${left.length - 1} updates.`;
      return { values: { ...run, unstable, arrived }, alarm: unstable,
        words: `Momentum ${short(state.momentum)}, rate ${short(state.lr)}: ${place} the limit of ${short(top)}. ${after}` };
    },
  };
};
