// The update rules of lrcourse.optimizers for one weight, and the one loop. The rates come
// from Python; a browser test holds every path to Python's.
const root = (v, rule) => (rule.eps_in_root ? Math.sqrt(v + rule.eps) : Math.sqrt(v) + rule.eps);
const recurrences = {
  sgd: ({ momentum, nesterov }) => {
    let v = 0;
    return (w, g, lr) => { v = momentum * v + g; return w - lr * (nesterov ? g + momentum * v : v); };
  },
  keras: ({ momentum, nesterov }) => {
    let v = 0;
    return (w, g, lr) => { v = momentum * v - lr * g; return w + (nesterov ? momentum * v - lr * g : v); };
  },
  adagrad: (rule) => {
    let v = rule.initial_accumulator;
    return (w, g, lr) => { v += g * g; return w - lr * g / root(v, rule); };
  },
  rmsprop: (rule) => {
    let v = 0;
    return (w, g, lr) => { v = rule.beta2 * v + (1 - rule.beta2) * (g * g); return w - lr * g / root(v, rule); };
  },
  adam: ({ beta1, beta2, eps }) => {
    let t = 0, m = 0, v = 0;
    return (w, g, lr) => {
      t += 1; m = beta1 * m + (1 - beta1) * g; v = beta2 * v + (1 - beta2) * (g * g);
      return w - lr * (m / (1 - beta1 ** t)) / (Math.sqrt(v / (1 - beta2 ** t)) + eps);
    };
  },
};
const descend = ({ eigenvalues, first }, rule, rates) => {
  const moves = eigenvalues.map(() => recurrences[rule.kind](rule));
  const lossAt = (w) => w.reduce((sum, each, i) => sum + 0.5 * eigenvalues[i] * each * each, 0);
  const path = [first], losses = [lossAt(first)], bound = 1e12 * Math.max(1, losses[0]);
  for (const lr of rates) {
    const w = path.at(-1).map((each, i) => moves[i](each, eigenvalues[i] * each, lr));
    path.push(w);
    losses.push(lossAt(w));
    if (!(losses.at(-1) <= bound)) break;
  }
  return { path, losses, lrs: rates.slice(0, path.length - 1), lost: !(losses.at(-1) <= 10 * losses[0]) };
};
// What is followed without weights, by name: the parts of a loss before each update and after
// the last. The mean of a squared weight forgets its start and lets noise in.
const courses = {
  'expected loss': ({ curvature, noise, start, directions }, rates) => {
    const parts = [0, 1].map(() => Array(rates.length + 1).fill(0));
    curvature.forEach((h, i) => {
      let left = start[i] ** 2, letIn = 0;
      for (let t = 0; t <= rates.length; t += 1) {
        parts[directions ? i : 0][t] += h * left / 2;
        parts[directions ? i : 1][t] += h * letIn / 2;
        const keep = (1 - rates[t] * h) ** 2;
        [left, letIn] = [keep * left, keep * letIn + (rates[t] * noise[i]) ** 2];
      }
    });
    return parts;
  },
};
