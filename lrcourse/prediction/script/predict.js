// <lr-predict data-asks> and <lr-predict data-settles> find each other by name within one notebook or page.
const made = (tag, attributes = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), attributes);
  node.append(...children);
  return node;
};
const optionsOf = (node) => [...node.querySelectorAll('li[data-option]')];
const plain = (text) => text.replace(/[`$]/g, '');
// one notebook's or page's answers and picks, by name: JupyterLab takes cells that are not seen out of the document
const kept = new WeakMap();
const placeOf = (node) => node.closest('.jp-Notebook, article, main') ?? document.body;
const noted = (place) => {
  if (!kept.has(place)) kept.set(place, { answers: new Map(), picks: new Map() });
  return kept.get(place);
};
const same = (one, other) => one.length === other.length && one.every((option) => other.includes(option));

class LRPredict extends HTMLElement {
  connectedCallback() {
    const begin = () => { if (this.isConnected) this.begin(); };
    // while a page is read its elements come before what stands in them
    if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', begin, { once: true });
    else begin();
  }

  disconnectedCallback() {
    this.watch?.disconnect();
    if (!this.place || this.closest('.jp-OutputArea')) return;  // only out of sight, with its cell
    const { answers } = noted(this.place);
    if (answers.get(this.dataset.settles) === this) answers.delete(this.dataset.settles);
  }

  begin() {
    this.place = placeOf(this);
    this.names = this.names ?? optionsOf(this).map((item) => item.dataset.option);
    if ('asks' in this.dataset) this.ask(); else this.answer();
  }

  all(kind, name) {
    return [...this.place.querySelectorAll(`lr-predict[data-${kind}]`)].filter((node) => node.dataset[kind] === name && node.names);
  }

  ask() {
    if (!this.items) {
      this.items = optionsOf(this);
      for (const item of this.items) {
        const button = made('button', { type: 'button', onclick: () => this.commit(item) }, ...item.childNodes);
        // against JupyterLab's keys: it asks what has the focus before what is around it
        button.dataset.lmSuppressShortcuts = 'true';
        item.append(button);
      }
      this.said = made('p', { className: 'predict-said' });
      this.said.setAttribute('role', 'status');
      this.append(this.said);
      this.again();
    }
    if (this.chosen) this.show();
  }

  // a cell that is run again puts a new element there: the same question keeps its pick while its answer stands
  again() {
    const { answers, picks } = noted(this.place), pick = picks.get(this.dataset.asks);
    if (pick?.asked === this.asked && answers.has(this.dataset.asks)) this.choose(this.items.find((item) => item.dataset.option === pick.option));
    else picks.delete(this.dataset.asks);
  }

  get asked() {
    return JSON.stringify([this.getAttribute('aria-label'), ...this.names]);
  }

  commit(item) {
    if (this.chosen) return;
    this.choose(item);
    noted(this.place).picks.set(this.dataset.asks, { asked: this.asked, option: item.dataset.option });
    this.show();
  }

  choose(item) {
    this.chosen = item;
    item.dataset.chosen = '';
    for (const each of this.items) {
      const button = each.firstChild;
      button.setAttribute('aria-disabled', 'true');
      if (each === item) button.setAttribute('aria-pressed', 'true'); else button.tabIndex = -1;
    }
    this.mark(item, 'your prediction');
  }

  mark(item, words) {
    item.querySelector('.predict-mark')?.remove();
    item.firstChild.after(made('span', { className: 'predict-mark' }, ` ${words}`));
  }

  show() {
    const answer = noted(this.place).answers.get(this.dataset.asks);
    if (!answer || !same(answer.names, this.names)) {
      this.said.className = 'predict-said';
      this.said.textContent = 'Noted. Run the cell below; the answer comes when it has run.';
      return;
    }
    const reasons = new Map(optionsOf(answer).map((item) => [item.dataset.option, item]));
    const rank = (item) => (item === this.chosen ? 0 : 'right' in reasons.get(item.dataset.option).dataset ? 1 : 2);
    const ordered = [...this.items].sort((one, other) => rank(one) - rank(other));
    this.chosen.parentNode.classList.add('predict-settled');
    for (const item of ordered) this.unfold(item, reasons.get(item.dataset.option));
    // the others move, for what has the focus would lose it
    const at = ordered.indexOf(this.chosen);
    this.chosen.before(...ordered.slice(0, at));
    this.chosen.after(...ordered.slice(at + 1));
    this.said.className = 'predict-spoken';
    this.said.textContent = this.sentence(ordered);
    for (const each of this.all('settles', this.dataset.asks)) each.line();
  }

  unfold(item, reason) {
    const right = 'right' in reason.dataset, chosen = item === this.chosen;
    item.toggleAttribute('data-right', right);
    if (!chosen && item.firstChild.tagName === 'BUTTON') item.firstChild.replaceWith(made('span', { className: 'predict-option' }, ...item.firstChild.childNodes));
    this.mark(item, right ? `✓ right${chosen ? ', as you said' : ''}` : `✗ ${chosen ? 'your prediction' : 'not so'}`);
    item.querySelector('.predict-why')?.remove();
    item.append(reason.querySelector('.predict-why').cloneNode(true));
  }

  sentence(ordered) {
    const why = (item) => item.querySelector('.predict-why').textContent, name = (item) => plain(item.dataset.option);
    const right = ordered.find((item) => 'right' in item.dataset);
    if (right === this.chosen) return `Right: ${name(right)}. ${why(right)}`;
    return `Not so: ${name(this.chosen)}. ${why(this.chosen)} Right is: ${name(right)}. ${why(right)}`;
  }

  answer() {
    const name = this.dataset.settles;
    noted(this.place).answers.set(name, this);
    // formulas may be typeset after the script ran: what was copied before is copied anew
    const told = () => { for (const question of this.all('asks', name)) if (question.chosen) question.show(); };
    this.watch = new MutationObserver(told);
    this.watch.observe(this.querySelector('ul'), { childList: true, subtree: true });
    told();
    this.line();
  }

  line() {
    const pick = noted(this.place).picks.get(this.dataset.settles), items = optionsOf(this);
    const chosen = items.find((item) => item.dataset.option === pick?.option), right = items.find((item) => 'right' in item.dataset);
    if (!chosen) return;
    const bold = (item) => item.querySelector('b').cloneNode(true);
    this.querySelector('.predict-line').replaceChildren('You predicted ', bold(chosen), ...(chosen === right ? [', and so it is.'] : ['. It is ', bold(right), '.']));
  }
}
customElements.define('lr-predict', LRPredict);
