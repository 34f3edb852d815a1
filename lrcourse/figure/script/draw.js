// Drawing: numbers as text, scales, and a view, which is axes with things put on them.
const written = (v, digits) => {
  if (!Number.isFinite(v)) return 'beyond all bounds';
  const size = Math.abs(v);
  if (v === 0 || (size >= 1e-3 && size < 1e6)) return String(Number(v.toPrecision(digits)));
  return v.toExponential(digits - 1).replace('+', '');
};
const short = (v) => written(v, 3);
const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer;
const floats = (text) => Array.from(new Float64Array(bytes(text)));
const offLogScale = ({ low, high, codes }) => Array.from(new Uint16Array(bytes(codes)),
  (code) => (code === 65535 ? Infinity : low * (high / low) ** (code / 65534)));

const scaled = (range, pixels, log) => {
  const f = log ? (v) => Math.log10(Math.max(v, 1e-300)) : (v) => v;
  const [a, b] = range.map(f), [p, q] = pixels, far = 3 * Math.abs(q - p);
  const to = (v) => {  // what is far outside stays outside, at a number SVG can hold
    const pixel = p + (f(v) - a) / (b - a || 1) * (q - p);
    return Math.max(Math.min(p, q) - far, Math.min(Math.max(p, q) + far, pixel));
  };
  to.back = (pixel) => a + (pixel - p) / (q - p) * (b - a);
  return to;
};
const round = (v) => Math.round(10 * v) / 10;
const pathOf = (points) => {
  let d = '', pen = 'M';
  for (const [x, y] of points) {
    if (Number.isNaN(x) || Number.isNaN(y)) { pen = 'M'; continue; }
    d += `${pen}${round(x)} ${round(y)}`;
    pen = 'L';
  }
  return d;
};
// On a log axis of a decade or two: 1, 2 and 5, or on a shorter one as on any other.
const fineTicks = (low, high) => {
  const ticks = [];
  for (let k = Math.floor(Math.log10(low)); k <= Math.log10(high); k += 1) ticks.push(...[1, 2, 5].map((m) => Number(`${m}e${k}`)));
  const inside = ticks.filter((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9));
  return inside.length > 1 ? inside : ticksOf([low, high], false, 4);
};
const ticksOf = ([low, high], log, most) => {
  if (log) {
    const first = Math.ceil(Math.log10(low) - 1e-9), last = Math.floor(Math.log10(high) + 1e-9);
    const every = Math.ceil((last - first + 1) / most) || 1, ticks = [];
    if (last - first < 2) return fineTicks(low, high);
    for (let k = first; k <= last; k += every) ticks.push(Number(`1e${k}`));
    return ticks;
  }
  const rough = (high - low) / most, unit = 10 ** Math.floor(Math.log10(rough));
  const step = unit * [1, 2, 5, 10].find((m) => m * unit >= rough - 1e-12), ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k <= high / step + 1e-9; k += 1) ticks.push(k * step);
  return ticks;
};
const tickText = (v, log) => {  // a power of ten as one, all else as it is
  const k = Math.round(Math.log10(v)), power = Math.abs(v / 10 ** k - 1) < 1e-9;
  return log && power && (v < 0.01 || v > 1000)
    ? `10${String(k).replace(/./g, (c) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[c] ?? '⁻')}` : short(v);
};

const SVG = 'http://www.w3.org/2000/svg';
const element = (tag, attributes, text) => {
  const made = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
};

// Axes: a title, a legend beside it or below, ticks that leave each other room.
class View {
  constructor({ title, about = title, x, y, xlabel = '', ylabel = '', logX = false, logY = false, xTicks, xNames, yNames, legend = [],
    height = 170, width = 300, left = ylabel ? 58 : 44, spare = 10, below = 0 }) {
    const row = legend.length && 6.6 * title.length + legend.reduce((sum, [name]) => sum + 24 + 6.4 * name.length, 0) > width - 14;
    const [right, top, bottom] = [width - spare, row ? 40 : 24, height - 34 - below];
    Object.assign(this, { left, right, top, bottom, width, height, below, things: {}, ticks: {} });
    this.svg = this.node = element('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': about });
    this.svg.append(element('text', { class: 'title', x: 4, y: 14 }, title));
    this.plot = element('svg', { x: left, y: top, width: right - left, height: bottom - top,
      viewBox: `${left} ${top} ${right - left} ${bottom - top}`, preserveAspectRatio: 'none' });
    this.axes = element('g', {});
    this.svg.append(this.axes, this.plot);
    this.axis('x', x, logX, xTicks, xNames);
    this.axis('y', y, logY, undefined, yNames);
    if (xlabel) this.axes.append(element('text', { x: (left + right) / 2, y: height - 6 - below, 'text-anchor': 'middle' }, xlabel));
    if (ylabel) this.axes.append(element('text', { class: 'upward', 'text-anchor': 'middle', transform: `translate(12 ${(top + bottom) / 2}) rotate(-90)` }, ylabel));
    this.aside = this.svg.appendChild(element('text', { x: right, y: 14, 'text-anchor': 'end' }));
    this.legend(legend, row ? 30 : 14);
  }

  axis(which, range, log, ticks, names) {
    const { left, right, top, bottom, width } = this, isX = which === 'x';
    this[which] = scaled(range, isX ? [left, right] : [bottom, top], log);
    this.ticks[which]?.remove();
    const group = this.ticks[which] = this.axes.appendChild(element('g', {}));
    let free = isX ? -Infinity : Infinity;  // where the next label has room
    for (const tick of names ? names.keys() : ticks ?? ticksOf(range, log, isX ? 5 : 4)) {
      const p = round(this[which](tick)), text = names ? names[tick] : tickText(tick, log), half = 3.1 * text.length;
      const x = Math.min(p, width - 2 - half);
      if (isX ? x - half < free : p + 6 > free) continue;
      free = isX ? x + half + 6 : p - 7;
      if (!names) group.append(element('path', { class: 'grid', d: isX ? `M${p} ${top}V${bottom}` : `M${left} ${p}H${right}` }));
      group.append(isX ? element('text', { x, y: bottom + 14, 'text-anchor': 'middle' }, text)
        : element('text', { x: left - 5, y: p + 4, 'text-anchor': 'end' }, text));
    }
  }

  legend(names, y) {
    const text = this.svg.appendChild(element('text', { x: this.width - 10, y, 'text-anchor': 'end' }));
    names.forEach(([name, kind], i) => text.append(element('tspan', { class: kind, dx: i ? 9 : 0 }, `${kind === 'goal' ? '- -' : '—'} ${name}`)));
  }

  put(key, tag, attributes, text) {  // make it once, change it ever after
    const thing = this.things[key] ??= this.plot.appendChild(element(tag, {}));
    for (const [name, value] of Object.entries(attributes)) thing.setAttribute(name, value);
    if (text !== undefined) thing.textContent = text;
    return thing;
  }

  curve(key, kind, xs, ys) {
    const points = xs.map((x, i) => [this.x(x), this.y(ys[i])]);
    const thing = this.put(key, 'path', { class: `curve ${kind}`, d: pathOf(points) });
    thing.points = points;
    return thing;
  }

  points() {  // of all curves that are drawn
    return Object.values(this.things).flatMap(({ points }) => (points ? dense(points) : []));
  }

  dot(key, kind, x, y, r = 4.5) {
    const hidden = !(Number.isFinite(x) && Number.isFinite(y));
    return this.put(key, 'circle', { class: `dot ${kind}`, r, visibility: hidden ? 'hidden' : 'visible',
      ...(hidden ? {} : { cx: round(this.x(x)), cy: round(this.y(y)) }) });
  }

  across(key, kind, y, text) {  // a line at y, named beside the title
    const p = round(this.y(y));
    this.put(key, 'path', { class: `line ${kind}`, d: `M${this.left} ${p}H${this.right}` });
    this.aside.setAttribute('class', kind);
    this.aside.textContent = text;
  }

  level(name, y) {  // a line at y with its name on it
    const p = round(this.y(y));
    this.put(`level ${name}`, 'path', { class: 'line calm', d: `M${this.left} ${p}H${this.right}` });
    this.put(`level name ${name}`, 'text', { class: 'calm', x: this.right - 3, y: p - 4, 'text-anchor': 'end' }, name);
  }

  upright(key, kind, x) {
    const p = round(this.x(x));
    return this.put(key, 'path', { class: `line ${kind}`, d: `M${p} ${this.top}V${this.bottom}` });
  }

  onDrag(act, both = false) {  // where the pointer is on either scale, its logarithm on a log scale
    const at = (event) => {
      const box = this.svg.getBoundingClientRect(), { width, height } = this.svg.viewBox.baseVal;
      act(this.x.back((event.clientX - box.left) * width / box.width),
        this.y.back((event.clientY - box.top) * height / box.height));
    };
    this.svg.classList.add(both ? 'plane' : 'scrub');
    this.svg.addEventListener('pointerdown', (event) => { this.svg.setPointerCapture(event.pointerId); at(event); });
    this.svg.addEventListener('pointermove', (event) => { if (this.svg.hasPointerCapture(event.pointerId)) at(event); });
  }
}
