// Bounds and length of cycles, with the losses that trainings with them gave.
const cycles = (spec) => {
  const [{ values: peaks }, { values: shares }, { values: halves }] = spec.controls;
  const { every, steps, measurements } = spec, places = steps / every + 1;
  const all = floats(spec.shapes), table = offLogScale(spec.losses);
  const finite = table.filter(Number.isFinite), low = Math.min(...finite), high = Math.min(Math.max(...finite), 2.5 * low);
  const time = Array.from({ length: places }, (_, i) => i * every);
  const measured = Array.from({ length: measurements }, (_, i) => (i + 1) * steps / measurements);
  const rates = new View({ title: 'learning rate', x: [0, 1.02 * steps], y: [0, 1.05 * Math.max(...peaks)], height: 130 });
  const course = new View({ title: 'loss', x: [0, 1.02 * steps], y: [0.9 * low, high], xlabel: 'step', height: 170 });
  const ends = new View({ title: 'loss at the end', x: [peaks[0] / 1.3, peaks.at(-1) * 1.3], logX: true, xTicks: peaks, y: [0.9 * low, high], xlabel: 'upper bound', height: 300 });
  return {
    views: [ends, rates, course],
    bind: (set) => ends.onDrag((x) => set({ max_lr: peaks.reduce((best, each) => (
      Math.abs(Math.log10(each) - x) < Math.abs(Math.log10(best) - x) ? each : best)) })),
    update(state) {
      const i = shares.indexOf(state.share), j = halves.indexOf(state.half_period), k = peaks.indexOf(state.max_lr);
      const shape = i * halves.length + j, course_of = (peak) => {
        const from = (shape * peaks.length + peak) * measurements;
        return table.slice(from, from + measurements);
      };
      const lrs = all.slice(shape * places, (shape + 1) * places).map((share) => state.max_lr * share);
      const losses = course_of(k), last = peaks.map((_, peak) => course_of(peak).at(-1));
      const best = last.indexOf(Math.min(...last));
      rates.curve('lrs', 'second', time, lrs);
      course.curve('losses', 'first', measured, losses);
      measured.forEach((step, at) => course.dot(`end ${at}`, 'first', step % (2 * state.half_period) ? NaN : step, losses[at], 3));
      ends.curve('ends', 'first', peaks, last);
      peaks.forEach((peak, at) => ends.dot(`end ${at}`, 'first', peak, last[at], 3));
      ends.dot('best', 'mark', peaks[best], last[best], 9);
      ends.dot('at', 'second', state.max_lr, last[k], 5.5);
      return { values: { lrs, losses, last },
        words: `From ${short(state.share * state.max_lr)} to ${short(state.max_lr)}, half period ${state.half_period}: the loss ends at ${short(last[k])}. With this shape the best upper bound is ${short(peaks[best])}, with ${short(last[best])}.` };
    },
  };
};
