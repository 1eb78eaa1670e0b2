// Questions that must be answered first.

import { h } from './dom.js';

/** Asks; the answer is the text, or null where nothing is to be done. Without a usual text there is nothing to type. */
export function ask(question, yes, usual) {
  return new Promise(resolve => {
    const text = usual === undefined ? null : h('input', { type: 'text', value: usual, 'aria-label': question });
    const dialog = h('dialog', { class: 'ask', 'aria-label': question },
      h('form', { method: 'dialog' },
        h('p', {}, question), text,
        h('div', { class: 'row' },
          h('button', { type: 'submit', value: 'no', formnovalidate: true, class: 'quiet' }, 'Leave it'),
          h('button', { type: 'submit', value: 'yes', class: 'main' }, yes))));
    // Enter in the text means yes, though the other button comes first.
    text?.addEventListener('keydown', event => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      dialog.close('yes');
    });
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes' ? text?.value.trim() ?? '' : null);
    });
    document.body.append(dialog);
    dialog.showModal();
    text?.select();
  });
}

/** Shows something until it is closed. */
export function show(title, ...content) {
  const dialog = h('dialog', { class: 'ask', 'aria-label': title },
    h('h2', {}, title), content, h('form', { method: 'dialog', class: 'row' }, h('button', { type: 'submit', class: 'main' }, 'Close')));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
