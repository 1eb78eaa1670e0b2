// The axes that all charts of a page share: linear or logarithmic, and the range of steps.

import { h } from './dom.js';

/** Steps as somebody wrote them: 12000, 12e3, 12k. */
function steps(text) {
  const word = text.trim().toLowerCase().replace(/[, _]/g, '');
  const value = Number(word.replace(/k$/, 'e3').replace(/m$/, 'e6'));
  return word === '' || !Number.isFinite(value) || value < 0 ? null : Math.round(value);
}

/** Reads the axes out of the page's address. */
export function readAxes(usual) {
  const address = new URLSearchParams(location.search);
  return {
    x: address.get('x') === 'log' ? 'log' : address.get('x') === 'linear' ? 'linear' : usual.x,
    y: address.get('y') === 'log' ? 'log' : address.get('y') === 'linear' ? 'linear' : usual.y,
    from: address.has('from') ? steps(address.get('from')) : null,
    to: address.has('to') ? steps(address.get('to')) : null,
  };
}

/** Writes them into the address, so that whoever is sent it sees the same. */
export function writeAxes(axes, more = {}) {
  const address = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries({ ...axes, ...more })) {
    if (value === null || value === undefined || value === '') address.delete(name);
    else address.set(name, String(value));
  }
  history.replaceState(null, '', `${location.pathname}?${address.toString().replaceAll('%2C', ',')}`);
}

/** The row of controls. */
export function axesBar(axes, changed) {
  const toggle = (name, words) => h('button', { type: 'button', title: `${words}: linear or logarithmic (${name})`, onclick: () => flip(name) });
  const buttons = { x: toggle('x', 'steps'), y: toggle('y', 'values') };
  const field = name => h('input', { type: 'text', inputmode: 'numeric', 'aria-label': `${name} step`, placeholder: name === 'from' ? 'first' : 'last', onchange: event => set({ [name]: steps(event.target.value) }) });
  const fields = { from: field('from'), to: field('to') };
  const whole = h('button', { type: 'button', title: 'All steps (w)', onclick: () => set({ from: null, to: null }) }, 'whole run');

  function show() {
    for (const name of ['x', 'y']) {
      buttons[name].textContent = `${name === 'x' ? 'steps' : 'values'}: ${axes[name]}`;
      buttons[name].setAttribute('aria-pressed', String(axes[name] === 'log'));
    }
    for (const name of ['from', 'to']) fields[name].value = axes[name] ?? '';
    whole.disabled = axes.from === null && axes.to === null;
  }

  function set(what) {
    Object.assign(axes, what);
    if (axes.from !== null && axes.to !== null && axes.to <= axes.from) axes.to = axes.from + 1;
    show();
    changed(Object.keys(what));
  }

  const flip = name => set({ [name]: axes[name] === 'log' ? 'linear' : 'log' });
  show();
  return {
    element: h('div', { class: 'axes', role: 'group', 'aria-label': 'Axes' }, buttons.x, buttons.y, h('label', {}, 'steps', fields.from), h('label', {}, 'to', fields.to), whole),
    set,
    keys: { x: () => flip('x'), y: () => flip('y'), w: () => set({ from: null, to: null }) },
  };
}
