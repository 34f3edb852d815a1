// Recorded runs on a lattice: every view at the state that is set, and the state in words.
const recordedOf = ({ controls, results, walks, views }) => {
  const walking = Object.values(walks), listed = controls.filter(({ key }) => !walking.includes(key));
  const places = views.flatMap(({ kind, x, y, along }) => ({ map: [x, y], across: [along] })[kind] ?? []);
  const numbers = readOf(results.numbers, saidNumbers), series = readOf(results.series, offScale);
  const at = ({ axes, points, values }, state) => {
    let place = 0;
    for (const axis of axes) place = place * listed[axis].values.length + listed[axis].values.indexOf(state[listed[axis].key]);
    return values.slice(place * points, (place + 1) * points);
  };
  const isDead = ({ key, values }, state) => {
    const axis = listed.findIndex((control) => control.key === key);
    if (axis < 0 || places.includes(key)) return false;
    const changed = [...Object.values(numbers), ...Object.values(series)].filter(({ axes }) => axes.includes(axis));
    return changed.every((result) => {
      const here = at(result, state);
      return values.every((value) => at(result, { ...state, [key]: value }).every((each, i) => each === here[i]));
    });
  };
  return {
    number: (name, state) => at(numbers[name], state).at(-1),
    list: (name, state) => at(numbers[name], state),
    course: (name, state) => at(series[name], state),
    control: (name) => controls.find(({ key }) => key === name),
    dead: (state) => listed.filter((control) => isDead(control, state)).map(({ key }) => key),
  };
};
const statesOver = (controls, state) => controls.reduce((states, { key, values }) => states.flatMap(
  (each) => values.map((value) => ({ ...each, [key]: value }))), [state]);

const heightsOf = (views) => {
  const tall = views.some(({ kind }) => kind === 'map') ? 46 : 0;  // for the key below a map
  if (views.length === 3) return views[1].xlabel ? [300, 150, 150].map((h) => h + tall / 2) : [300 + tall, 130 + tall / 2, 170 + tall / 2];
  return views.map(() => [0, 230, 230, 0, 180][views.length] + tall);
};
const grid = (spec) => {
  const recorded = recordedOf(spec);
  const valueOf = (name, state) => {
    if (name in state) return state[name];
    const walk = spec.walks[name];
    return walk ? recorded.course(name, state)[recorded.control(walk).values.indexOf(state[walk])] : recorded.number(name, state);
  };
  const isLost = (value) => typeof value === 'number' && !Number.isFinite(value);
  const say = (words, state) => words.replace(/{([^{}]+)}/g, (_, name) => {
    const value = valueOf(name, state);
    return isLost(value) ? spec.lost : shownOf(value);
  });
  const heights = heightsOf(spec.views), width = spec.views.length === 1 ? 360 : 300;
  const parts = spec.views.map((view, i) => drawings[view.kind](view, { recorded, say, controls: spec.controls, height: heights[i], width }));
  return {
    views: parts,
    bind: (set) => parts.forEach((part) => part.bind?.(set)),
    update(state) {
      const lost = [...spec.says.matchAll(/{([^{}]+)}/g)].some(([, name]) => isLost(valueOf(name, state)));
      return { values: parts.map((part) => part.update(state)), alarm: lost, dead: recorded.dead(state), words: say(spec.says, state) };
    },
  };
};
