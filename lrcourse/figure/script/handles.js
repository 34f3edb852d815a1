// A schedule to draw: handles, straight lines between them, and a recurrence that runs on it.
const straight = (at, heights, steps) => {
  let k = 0;
  return Array.from({ length: steps }, (_, t) => {
    while (k < at.length - 2 && t >= at[k + 1]) k += 1;
    return (heights[k + 1] - heights[k]) / (at[k + 1] - at[k]) * (t - at[k]) + heights[k];
  });
};
// The plan with its handles, once wide and once for a narrow page: one of them is shown.
const planOf = ({ at, high, key, label }, steps, isWide, legend) => {
  const view = new View({ title: label, about: `${label} over updates, to draw`, x: [-0.02 * steps, 1.02 * steps], y: [-0.09 * high, 1.08 * high],
    xlabel: 'update', height: isWide ? 190 : 210, width: isWide ? 616 : 300, legend });
  const fit = (value) => Number(Math.max(0, Math.min(high, value)).toPrecision(3));
  let heights = [], act = () => {}, reached = -1;
  const set = (change) => act({ [key]: change.map(fit) }), focus = (k) => grips[Math.max(0, Math.min(at.length - 1, k))].focus();
  const grips = at.map((step, k) => {
    const grip = element('circle', { class: 'grip', r: isWide ? 8 : 7, tabindex: k ? -1 : 0, role: 'slider', 'aria-orientation': 'vertical',
      'aria-label': `${label} at update ${step}`, 'aria-valuemin': 0, 'aria-valuemax': high, cx: round(view.x(step)) });
    grip.addEventListener('focus', () => grips.forEach((each) => each.setAttribute('tabindex', each === grip ? 0 : -1)));
    grip.addEventListener('keydown', (event) => {
      const by = { ArrowUp: 0.02, ArrowDown: -0.02, PageUp: 0.1, PageDown: -0.1, Home: -1, End: 1 }[event.key];
      const to = { ArrowLeft: k - 1, ArrowRight: k + 1 }[event.key];
      if ((by === undefined && to === undefined) || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      if (by === undefined) focus(to);
      else set(heights.map((height, i) => (i === k ? height + by * high : height)));
    });
    return grip;
  });
  const stroke = (x, y) => {  // a stroke over several handles sets them all
    const k = nearestOf(at, x), from = reached < 0 ? k : reached;
    set(heights.map((height, i) => ((i - from) * (i - k) > 0 || (i === from && i !== k) ? height
      : i === k ? y : heights[from] + (y - heights[from]) * (i - from) / (k - from))));
    reached = k;
  };
  view.node.classList.add(isWide ? 'broad' : 'narrow');
  view.plot.setAttribute('overflow', 'visible');
  view.svg.setAttribute('role', 'group');  // of sliders
  view.svg.append(...grips);
  return { view,
    bind(bound) {
      act = bound;
      view.svg.addEventListener('pointerdown', () => { reached = -1; }, { capture: true });
      view.onDrag(stroke, true);
    },
    show(now, rates, best, limit) {
      heights = now;
      view.curve('best', 'goal', best.map((_, t) => t), best);
      view.level('2/L', limit <= high ? limit : -9 * high);
      view.curve('rates', 'second', rates.map((_, t) => t), rates);
      grips.forEach((grip, k) => {
        grip.setAttribute('cy', round(view.y(heights[k])));
        grip.setAttribute('aria-valuenow', heights[k]);
        grip.setAttribute('aria-valuetext', `${short(heights[k])}, handle ${k + 1} of ${at.length}`);
      });
    } };
};
const handles = (spec) => {
  const { steps, rows, problems, best: named } = spec, time = Array.from({ length: steps + 1 }, (_, t) => t), all = Object.values(problems);
  const control = spec.controls.find(({ kind }) => kind === 'handles');
  const ofEach = (f) => Object.fromEntries(Object.entries(problems).map(([name, each]) => [name, f(each)]));
  const others = ofEach(({ others: ends }) => floats(ends)), bests = ofEach(({ best }) => (best ? offScale(best) : []));
  const legend = rows.includes(named) ? [['yours', 'second'], [named, 'goal']] : [];
  const plans = [true, false].map((isWide) => planOf(control, steps, isWide, legend));
  const ends = Object.values(others).flat().filter((loss) => loss > 0 && Number.isFinite(loss)), firsts = all.map(({ first }) => first);
  const course = new View({ title: 'expected loss', about: `expected loss over updates, on a logarithmic scale, and its parts: ${all[0].parts.join(', ')}`, logY: true,
    x: [0, 1.02 * steps], y: [Math.min(...ends, ...firsts) / 30, 3 * Math.max(...firsts)], xlabel: 'update', height: 230,
    legend: [['sum', 'first'], ...all[0].parts.map((name, i) => [name, kinds[i + 2]])] });
  let shown = [];
  const left = drawings.rows({ title: 'loss at the end', about: `expected loss at the end: ${rows.join(', ')}`, of: 'ends', names: rows,
    order: 'min', highlight: 'yours', levels: {}, range: [0, 1],
    rangeAt: (state) => [0, 1.25 * Math.max(...others[state.problem].filter(Number.isFinite), others[state.problem].length ? 0 : shown[0])] },
  { recorded: { list: () => shown, number: () => rows[0] }, height: 230, width: 300 });
  return {
    views: [...plans.map(({ view }) => view), course, left],
    bind: (set) => plans.forEach((plan) => plan.bind(set)),
    update(state) {
      const problem = problems[state.problem], heights = state[control.key], rates = straight(control.at, heights, steps);
      const parts = courses[problem.kind](problem, rates), losses = parts[0].map((part, t) => part + parts[1][t]), end = losses.at(-1);
      shown = [end, ...others[state.problem]];
      plans.forEach((plan) => plan.show(heights, rates, bests[state.problem], problem.limit));
      [losses, ...parts].forEach((part, i) => course.curve(`part ${i}`, kinds[i && i + 1], time, part));
      left.update(state);
      const of = parts.map((part, i) => `${short(part.at(-1))} ${problem.parts[i]}`).join(', ');
      const least = rows.includes(named) ? ` The best possible is ${short(others[state.problem].at(-1))}.` : '';
      return { values: { rates, losses, parts }, alarm: !Number.isFinite(end),
        words: `${state.problem}: after ${steps} updates the expected loss is ${short(end)}: ${of}.${least}` };
    },
  };
};
