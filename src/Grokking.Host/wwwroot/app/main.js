// The page: which address shows what, and what is there on every one.

import { board, start, watch } from './board.js';
import { show } from './dialog.js';
import { fill, h } from './dom.js';
import { say } from './toasts.js';
import { theme } from './theme.js';

const pages = [
  { name: 'runs', path: /^\/$/, load: () => import('./runs-page.js') },
  { name: 'run', path: /^\/runs\/([^/]+)$/, load: () => import('./run-page.js') },
  { name: 'compare', path: /^\/compare$/, load: () => import('./compare-page.js') },
  { name: 'submit', path: /^\/submit$/, load: () => import('./submit-page.js') },
  { name: 'alerts', path: /^\/alerts$/, load: () => import('./alerts-page.js') },
];

const keys = [
  ['/', 'find runs'], ['j  k  ↓  ↑', 'next and previous run'], ['Enter', 'open the run'], ['Space', 'choose the run'], ['c', 'compare the chosen runs'],
  ['x  y', 'axis of steps, axis of values: linear or logarithmic'], ['w', 'the whole run'], ['p', 'pause or resume the run'],
  ['n', 'new experiment'], ['r', 'runs'], ['t', 'dark or light'], ['?', 'these words'],
];

const main = document.getElementById('main');
let leave = () => {};
let keyboard = {};
// Keys that are pressed while a page opens are meant for that page.
let held = null;

async function go() {
  leave();
  leave = () => {};
  keyboard = {};
  held ??= [];
  const path = location.pathname;
  try {
    await openPage(path);
  } finally {
    // Otherwise another page is on its way, and they are meant for that one.
    if (location.pathname === path) {
      const waited = held ?? [];
      held = null;
      // One of them may go elsewhere, and the next ones with it.
      waited.forEach(event => held ? held.push(event) : press(event));
    }
  }
}

async function openPage(path) {
  for (const page of pages) {
    const found = page.path.exec(path);
    if (!found) continue;
    document.querySelectorAll('nav a').forEach(link => link.toggleAttribute('aria-current', link.dataset.page === page.name));
    fill(main, h('p', { class: 'note' }, 'Loading …'));
    const { open } = await page.load();
    if (location.pathname !== path) return;
    const opened = await open(fill(main), ...found.slice(1).map(decodeURIComponent));
    if (location.pathname !== path) return opened.leave?.();
    leave = opened.leave ?? leave;
    keyboard = opened.keys ?? keyboard;
    return;
  }
}

// What a key does; after one that goes into a field, the next ones are written there.
function press(event) {
  const field = document.activeElement;
  if (field?.matches('input, textarea')) {
    if (event.key.length > 1) return false;
    field.value += event.key;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    return true;
  }
  const general = { n: () => visit('/submit'), r: () => visit('/'), t: theme.toggle, '?': help };
  const act = keyboard[event.key] ?? general[event.key];
  return Boolean(act) && act(event) !== false;
}

/** Goes to another address of this page. */
export function visit(address) {
  history.pushState(null, '', address);
  scrollTo(0, 0);
  go();
}

document.addEventListener('click', event => {
  const link = event.target.closest?.('a');
  if (!link || link.origin !== location.origin || link.target || link.hasAttribute('download') || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!pages.some(page => page.path.test(link.pathname)) || link.getAttribute('href').startsWith('#')) return;
  event.preventDefault();
  visit(link.href);
});
addEventListener('popstate', go);

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
  const writes = event.target.matches?.('input, textarea, select');
  if (event.key === 'Escape' && writes) event.target.blur();
  if (writes) return;
  if (held && (event.key.length === 1 || ['ArrowDown', 'ArrowUp', 'Enter'].includes(event.key))) {
    held.push(event);
    event.preventDefault();
  } else if (press(event)) {
    event.preventDefault();
  }
});

function help() {
  show('Keys', h('dl', { class: 'keys' }, keys.map(([key, words]) => [h('dt', {}, h('kbd', {}, key)), h('dd', {}, words)])));
}

document.getElementById('help').addEventListener('click', help);
document.getElementById('theme').addEventListener('click', theme.toggle);

watch(() => {
  const { service, connected } = board;
  const place = document.getElementById('service');
  place.className = `service ${!connected || service?.objection ? 'bad' : ''}`;
  fill(place, !connected ? 'not connected' : service?.objection ? service.objection : service ? `${service.training} training, ${service.waiting} waiting` : '');
});

start(alert => {
  say(alert.message, ['grokked', 'finished'].includes(alert.kind) ? 'good' : 'bad', alert.run);
  if (location.pathname === '/alerts') return;
  const badge = document.getElementById('alert-count');
  badge.hidden = false;
  badge.textContent = String(Number(badge.textContent) + 1);
});
go();
