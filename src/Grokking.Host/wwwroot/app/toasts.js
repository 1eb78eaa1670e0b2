// Words that pass by.

import { h } from './dom.js';

const seconds = { good: 8, bad: 15 };

/** Says something; kind is "good" or "bad". */
export function say(message, kind = 'good', run = null) {
  const toast = h('div', { class: `toast ${kind}` },
    run ? h('a', { href: `/runs/${encodeURIComponent(run)}` }, run) : null, run ? ' ' : null, message,
    h('button', { type: 'button', class: 'quiet', 'aria-label': 'Close', onclick: () => toast.remove() }, '×'));
  const place = document.getElementById('toasts');
  place.append(toast);
  while (place.children.length > 5) place.firstChild.remove();
  setTimeout(() => toast.remove(), 1000 * seconds[kind]);
}
