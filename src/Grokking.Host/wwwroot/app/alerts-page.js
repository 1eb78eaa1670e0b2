// What was worth telling since the service began.

import { board, watch } from './board.js';
import { fill, h } from './dom.js';
import { moment } from './format.js';

export function open(main) {
  document.title = 'Alerts – Grokking';
  const badge = document.getElementById('alert-count');
  badge.hidden = true;
  badge.textContent = '';
  const list = h('ol', { class: 'alerts', reversed: true });
  main.append(h('h1', {}, 'Alerts'), h('p', { class: 'note' }, 'The newest 200 since the service began. The log and, where there is one, the webhook have them all.'), list);
  let shown = null;
  const draw = () => {
    if (shown === board.alerts) return;
    shown = board.alerts;
    fill(list, shown.length === 0 ? h('p', {}, board.loaded ? 'There are none.' : 'Loading …') : shown.toReversed().map(alert => h('li', { class: ['grokked', 'finished'].includes(alert.kind) ? 'good' : 'bad' },
      h('time', { datetime: alert.time }, moment(alert.time)), ' ', h('strong', {}, alert.kind.replace('_', ' ')), ' ',
      h('a', { href: `/runs/${encodeURIComponent(alert.run)}` }, alert.run), ' ', alert.message)));
  };
  draw();
  return { leave: watch(draw) };
}
