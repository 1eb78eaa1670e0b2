// A run as one row.

import { controls, priorities } from './controls.js';
import { h } from './dom.js';
import { count, duration, moment, percent, rate, remaining } from './format.js';

/** The columns; those with a key can be sorted by. */
export const headings = [
  { class: 'tick', words: '' },
  { class: 'name', key: 'experiment', words: 'experiment', title: 'Experiment, task and run' },
  { class: 'status', key: 'status', words: 'status' },
  { class: 'steps', key: 'steps', words: 'steps', title: 'Steps taken, of the budget' },
  { class: 'accuracy', key: 'test', words: 'test', title: 'Test accuracy at the last evaluation' },
  { class: 'memorised', key: 'memorised', words: 'memorised', title: 'First evaluation with 95 % training accuracy' },
  { class: 'grokked', key: 'grokked', words: 'grokked', title: 'First evaluation with 95 % test accuracy' },
  { class: 'seed', key: 'seed', words: 'seed' },
  { class: 'created', key: 'created', words: 'created' },
  { class: 'verbs', words: '' },
];

/** How far a run is, as a bar with words. */
export function progressBar(run, progress) {
  const step = progress?.step ?? run.steps;
  const share = run.budget > 0 ? Math.min(1, step / run.budget) : 1;
  return h('span', { class: 'progress', title: `${count(step)} of ${count(run.budget)} steps` },
    h('span', { class: 'track', role: 'progressbar', 'aria-valuemin': 0, 'aria-valuemax': run.budget, 'aria-valuenow': step, 'aria-label': 'Steps' }, h('i', { style: `width:${100 * share}%` })),
    h('small', {}, progress && ['running', 'pausing'].includes(run.status) ? `${count(step)} · ${rate(progress.steps_per_second)} · ${duration(remaining(progress))} left` : `${count(step)} / ${count(run.budget)}`));
}

/** How a run stands, as a word with a colour. */
export const badge = run => h('span', { class: `badge ${run.status}`, title: run.failure ?? run.stop_reason ?? '' },
  run.status === 'completed' && run.stop_reason === 'diverged' ? 'diverged' : run.status);

/** The row. */
export function row(run, progress, isChosen, place, on) {
  const cell = (name, ...content) => h('span', { class: name, role: 'cell' }, content);
  return h('div', { class: `run ${isChosen ? 'chosen' : ''}`, role: 'row', 'data-run': run.run },
    cell('tick', h('input', { type: 'checkbox', checked: isChosen, 'aria-label': `Choose ${run.run}`, onchange: event => on.choose(event.target.checked) })),
    cell('name', h('a', { href: `/runs/${encodeURIComponent(run.run)}` }, run.experiment), h('small', {}, [run.task, run.network, run.optimiser].filter(Boolean).join(' · '), h('code', {}, run.run.split('-').at(-1)))),
    cell('status', badge(run), place ? h('small', {}, ` №${place} `, priorities(run)) : null),
    cell('steps', progressBar(run, progress)),
    cell('accuracy', percent(progress?.test_accuracy ?? run.test_accuracy)),
    cell('memorised', count(run.memorised_step)),
    cell('grokked', count(progress?.grokked_step ?? run.grokked_step)),
    cell('seed', run.seed),
    cell('created', moment(run.created)),
    cell('verbs', controls(run)));
}
