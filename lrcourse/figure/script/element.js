// <lr-figure data-spec>: state, controls, keyboard, theme, links, and the spoken summary.
const modes = { curves, conversions, descent, ranges, grid, handles };
const made = (tag, attributes = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), attributes);
  node.append(...children);
  return node;
};
const shownOf = (value) => (typeof value !== 'number' || (Number.isInteger(value) && Math.abs(value) < 1e6) ? String(value) : short(value));

const controlOf = (control, set) => {  // -> a node, and how to show a value, or that it changes nothing
  const { key, label, kind, values } = control, idle = made('small', { className: 'idle', hidden: true }, ' no effect here');
  const named = (tag, attributes) => made(tag, attributes, label, idle), whole = (...parts) => made('div', { className: 'control' }, ...parts);
  const asleep = (inputs) => (dead) => { idle.hidden = !dead; for (const input of inputs) input.disabled = dead; };
  if (kind === 'choice' && values.length > 4) {
    const select = made('select', { id: key, className: 'field', onchange: () => set({ [key]: select.value }) }, ...values.map((name) => new Option(name)));
    return { node: whole(named('label', { htmlFor: key }), select), show: (value) => { select.value = value; }, sleep: asleep([select]) };
  }
  if (kind === 'choice') {
    const radios = values.map((value) => made('input', { type: 'radio', name: key, value, onchange: () => set({ [key]: value }) }));
    const names = made('div', { className: 'field names' }, ...radios.map((radio) => made('label', {}, radio, radio.value)));
    const node = whole(named('span', { id: key }), names);
    node.setAttribute('role', 'radiogroup');
    node.setAttribute('aria-labelledby', key);
    return { node, show: (value) => radios.forEach((radio) => { radio.checked = radio.value === value; }), sleep: asleep(radios) };
  }
  const stops = kind === 'stops', [min, max, step] = stops ? [0, values.length - 1, 1] : [control.low, control.high, control.step];
  const slider = made('input', { type: 'range', id: key, className: 'field', min, max, step }), output = made('output', { htmlFor: key });
  slider.oninput = () => set({ [key]: stops ? values[slider.value] : Number(Number(slider.value).toPrecision(6)) });
  slider.style.setProperty('--stops', stops && max <= 24 ? max : 0);
  slider.classList.toggle('stops', stops && max <= 24);
  return { node: whole(named('label', { htmlFor: key }), slider, output), sleep: asleep([slider]), show: (value) => {
    slider.value = stops ? values.indexOf(value) : value;
    slider.style.setProperty('--share', (slider.value - min) / (max - min || 1));
    slider.setAttribute('aria-valuetext', shownOf(value));
    output.textContent = shownOf(value);
  } };
};
const allowedOf = ({ values, low = 0, high, at }, text) => {  // undefined for what a link may not set
  if (values) return values.find((value) => String(value) === text);
  const fits = (each) => each && Number(each) >= low && Number(each) <= high, all = (text ?? '').split(',');
  if (at) return all.length === at.length && all.every(fits) ? all.map(Number) : undefined;
  return fits(text) ? Number(text) : undefined;
};

class LRFigure extends HTMLElement {
  connectedCallback() {
    this.stay = new AbortController();
    const { signal } = this.stay;
    if (!this.shadowRoot) {
      const spec = JSON.parse(this.dataset.spec);
      if (!modes[spec.mode]) return;  // the sentence stays
      this.build(spec);
    }
    const theme = () => this.theme(), follow = () => this.follow(location.hash);
    this.watch = new MutationObserver(theme);
    for (const node of [document.documentElement, document.body]) this.watch.observe(node, { attributes: true });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', theme, { signal });
    addEventListener('hashchange', follow, { signal });
    addEventListener('beforeprint', () => { this.before = this.state; this.set(this.spec.states[0].state); }, { signal });
    addEventListener('afterprint', () => this.set(this.before), { signal });
    // JupyterLab moves to a link's target itself and keeps the address; a second click is no change of it
    document.addEventListener('click', (event) => {
      const link = event.target.closest?.('a[href*="#"]');
      if (link) this.follow(new URL(link.href, document.baseURI).hash);
    }, { signal, capture: true });
    theme();
    follow();
  }

  disconnectedCallback() {
    this.stay.abort();
    this.watch?.disconnect();
  }

  build(spec) {
    const set = (change) => this.set(change), mode = modes[spec.mode](spec);
    const controls = spec.controls.filter(({ kind, values }) => kind === 'slider' || values?.length > 1).map((control) => [control.key, controlOf(control, set)]);
    this.buttons = spec.states.map(({ label, state }) => made('button', { type: 'button', onclick: () => set(state) }, label));
    const link = made('button', { type: 'button', className: 'link', onclick: () => this.link() }, 'link to this state');
    const broad = mode.views.some(({ node }) => node.classList.contains('broad')), count = broad ? '' : ['', 'one', 'two', 'three', 'four'][mode.views.length];
    this.said = made('p', { className: 'said' });
    this.spoken = made('p', { className: 'spoken', role: 'status' });
    const marks = spec.name || spec.states.length > 1 ? [made('div', { className: 'marks' }, ...this.buttons, ...(spec.name ? [link] : []))] : [];
    const root = made('div', {}, made('div', { className: 'controls' }, ...controls.map(([, { node }]) => node)), ...marks,
      made('div', { className: `views ${count}` }, ...mode.views.map(({ node }) => node)), this.said,
      made('p', { className: 'question', hidden: !spec.question }, spec.question), this.spoken);
    Object.assign(this, { spec, mode, controls, state: { ...spec.states[0].state } });
    mode.bind(set);
    this.update();
    this.attachShadow({ mode: 'open' }).append(made('style', {}, css), root);
  }

  set(change) {
    Object.assign(this, { state: { ...this.state, ...change } });
    this.update();
    clearTimeout(this.later);  // a held key is not read out at every step
    this.later = setTimeout(() => { this.spoken.textContent = this.said.textContent; }, 500);
  }

  update() {
    const { words, alarm = false, values, dead = [] } = this.mode.update(this.state);
    this.values = values;
    for (const [key, { show, sleep }] of this.controls) {
      show(this.state[key]);
      sleep(dead.includes(key));
    }
    const here = JSON.stringify(this.state);
    this.spec.states.forEach(({ state }, i) => this.buttons[i].setAttribute('aria-pressed', JSON.stringify({ ...this.state, ...state }) === here));
    this.said.textContent = words;
    this.said.classList.toggle('alarm', alarm);
  }

  theme() {
    const { jpThemeLight } = document.body.dataset, { theme } = document.documentElement.dataset;
    const system = matchMedia('(prefers-color-scheme: dark)').matches;
    this.toggleAttribute('dark', jpThemeLight ? jpThemeLight === 'false' : theme ? theme === 'dark' : system);
  }

  follow(hash) {  // #name-mark, or #name:key=value&key=value
    const place = hash.slice(1), { name, states, controls } = this.spec ?? {};
    if (!place && this.linked) this.set(states[0].state);  // back at the page's own address
    if (!place) this.linked = false;
    if (!name || !place.startsWith(name)) return;
    const mark = states.find(({ id }) => id === place);
    if (!mark && !place.startsWith(`${name}:`)) return;
    const asked = new URLSearchParams(place.slice(name.length + 1));
    const read = controls.map((control) => [control.key, allowedOf(control, asked.get(control.key))]);
    this.linked = true;
    this.set(mark ? mark.state : Object.fromEntries(read.filter(([, value]) => value !== undefined)));
    this.scrollIntoView({ block: 'nearest' });
  }

  link() {
    const hash = `#${this.spec.name}:${new URLSearchParams(Object.entries(this.state))}`;
    history.replaceState(history.state, '', hash);
    navigator.clipboard?.writeText(location.href).catch(() => {});
    this.spoken.textContent = 'The address of this page now leads to this state.';
  }
}
document.head.append(made('style', {}, page));
customElements.define('lr-figure', LRFigure);
