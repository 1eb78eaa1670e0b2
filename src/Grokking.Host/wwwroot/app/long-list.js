// A list of thousands of rows, of which only those exist that can be seen.

import { beforeNextFrame, h } from './dom.js';

const beyond = 12;

/**
 * @param {(item) => unknown} identity What a row is known by.
 * @param {(item) => HTMLElement} draw Makes a row.
 * @param {(item) => unknown[]} facts What a row shows; as long as these are the same objects, the row is.
 */
export function longList(identity, draw, facts) {
  const element = h('div', { class: 'rows', role: 'rowgroup' });
  let items = [];
  let drawn = new Map();

  function show() {
    if (!element.isConnected) return;
    const height = parseFloat(getComputedStyle(element).getPropertyValue('--row')) || 40;
    element.style.height = `${items.length * height}px`;
    const top = -element.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor(top / height) - beyond);
    const last = Math.min(items.length, Math.ceil((top + innerHeight) / height) + beyond);
    const next = new Map();
    for (let i = first; i < last; i++) {
      const key = identity(items[i]);
      const now = facts(items[i]);
      const before = drawn.get(key);
      const isSame = before && before.facts.every((fact, j) => fact === now[j]);
      const row = isSame ? before.row : draw(items[i]);
      if (before && !isSame) {
        // Whoever stands on a button of the row goes on standing on it.
        const place = [...before.row.querySelectorAll('button, a, input')].indexOf(document.activeElement);
        before.row.replaceWith(row);
        if (place >= 0) row.querySelectorAll('button, a, input')[place]?.focus({ preventScroll: true });
      } else if (!before) {
        element.append(row);
      }
      row.style.top = `${i * height}px`;
      row.setAttribute('aria-rowindex', String(i + 2));
      next.set(key, { row, facts: now });
    }
    for (const [key, { row }] of drawn) if (!next.has(key)) row.remove();
    drawn = next;
  }

  const soon = beforeNextFrame(show);
  addEventListener('scroll', soon, { passive: true });
  addEventListener('resize', soon, { passive: true });
  return {
    element,
    /** Shows these. */
    set(next) {
      items = next;
      show();
    },
    /** Shows the same ones as they are now. */
    refresh: soon,
    /** Brings a row into sight. */
    reveal(index) {
      const height = parseFloat(getComputedStyle(element).getPropertyValue('--row')) || 40;
      const top = element.getBoundingClientRect().top + index * height;
      if (top < 120) scrollBy(0, top - 120);
      else if (top + height > innerHeight) scrollBy(0, top + height - innerHeight + 8);
      show();
    },
    leave() {
      removeEventListener('scroll', soon);
      removeEventListener('resize', soon);
    },
  };
}
