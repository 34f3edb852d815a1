// Names of curves, where they lie on none: each spot is a box, and its room the way to the nearest curve.
const LETTER = 6.6, ROOM = 4;  // pixels: the width of a letter, and what is enough room
const boxOf = (width, lines, x, y, anchor) => {
  const left = { start: x, middle: x - width / 2, end: x - width }[anchor];
  return [left, y - 10, left + width, y + 3 + 13 * (lines - 1)];
};
const roomOf = ([left, top, right, bottom], points) => points.reduce((least, [x, y]) =>
  Math.min(least, Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom))), Infinity);
const dense = (points) => points.flatMap(([x, y], i) => {  // a point every three pixels
  const [p, q] = points[i + 1] ?? [x, y], steps = Math.ceil(Math.hypot(p - x, q - y) / 3) || 1;
  return Number.isFinite(x + y + p + q) ? Array.from({ length: steps }, (_, k) => [x + (p - x) * k / steps, y + (q - y) * k / steps]) : [];
});
// The first spot with enough room beside all curves and boxes; else the one with most.
const roomiest = (spots, points, taken = []) => {
  let best = { room: -1 };
  for (const spot of spots) {
    const apart = (box) => Math.max(spot.box[0] - box[2], box[0] - spot.box[2], spot.box[1] - box[3], box[1] - spot.box[3]);
    const room = taken.every((box) => apart(box) > 1) ? roomOf(spot.box, points) : -1;
    if (room >= ROOM) return { ...spot, room };
    if (room > best.room) best = { ...spot, room };
  }
  return best;
};

// Words below each other in the corner, or the middle of an edge, with most room, in the colours of what they name.
const sayTogether = (view, names) => {
  const width = LETTER * Math.max(...names.map(([, , text]) => text.length)), low = view.bottom - 6 - 13 * (names.length - 1), high = view.top + 12;
  const edges = [[view.right - 3, 'end'], [view.left + 3, 'start'], [(view.left + view.right) / 2, 'middle']];
  const spots = [high, low, (high + low) / 2].flatMap((y) => edges.map(([x, anchor]) => ({ x, y, anchor, box: boxOf(width, names.length, x, y, anchor) })));
  const { x, y, anchor } = roomiest(spots, view.points());
  names.forEach(([key, kind, text], line) => view.put(key, 'text', { class: kind, x, y: y + 13 * line, 'text-anchor': anchor }, text));
};

// Names beside pale curves, from their right ends to the left, above or below; none where nothing has room.
const nameBehind = (view, curves) => {
  const points = view.points(), taken = [];
  curves.forEach(([name, xs, ys], i) => {
    const ends = xs.map((x, k) => [Math.min(view.x(x), view.right - 2), view.y(ys[k])]).filter(([x, y]) => Number.isFinite(x + y)).reverse();
    const spots = dense(ends).flatMap(([x, y]) => [y - 8, y + 15].map((at) => ({ x, y: at, box: boxOf(LETTER * name.length, 1, x, at, 'end') })))
      .filter(({ box: [left, top, , bottom] }) => left > view.left && top > view.top && bottom < view.bottom);
    const { x = 0, y = 0, box, room } = roomiest(spots, points, taken), free = room > 1;
    if (free) taken.push(box);
    view.put(`behind name ${i}`, 'text', { class: 'small', x: round(x), y: round(y), 'text-anchor': 'end' }, free ? name : '');
  });
};
