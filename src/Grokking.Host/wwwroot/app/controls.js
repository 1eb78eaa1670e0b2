// What can be wished of a run, as buttons. What is possible, the service says.

import { learn } from './board.js';
import { wish } from './api.js';
import { ask } from './dialog.js';
import { h } from './dom.js';
import { say } from './toasts.js';

/** Wishes something of a run, and says what came of it. */
export async function act(id, verb, body) {
  try {
    const run = await wish(`/api/runs/${encodeURIComponent(id)}/${verb}`, body);
    learn(run);
    return run;
  } catch (refusal) {
    say(refusal.message, 'bad');
    return null;
  }
}

async function extend(run) {
  const steps = await ask(`By how many steps is ${run.run} to be extended?`, 'Extend', String(run.budget));
  if (steps === null) return;
  const many = Number(steps);
  if (!Number.isInteger(many) || many < 1) say(`'${steps}' is no number of steps; it must be a whole number from 1.`, 'bad');
  else await act(run.run, 'extend', { steps: many });
}

async function cancel(run) {
  if (await ask(`Give ${run.run} up for good? Its files are kept.`, 'Cancel the run') !== null) await act(run.run, 'cancel');
}

/** The buttons of a run. */
export function controls(run) {
  const button = (verb, title, onclick) => h('button', { type: 'button', class: `verb ${verb}`, title, 'aria-label': `${verb} ${run.run}`, onclick: event => {
    event.stopPropagation();
    onclick();
  } }, verb);
  const all = {
    pause: () => button('pause', 'Write a checkpoint and rest', () => act(run.run, 'pause')),
    resume: () => button('resume', 'Go on where it was left', () => act(run.run, 'resume')),
    cancel: () => button('cancel', 'Give it up for good; its files are kept', () => cancel(run)),
    extend: () => button('extend', 'Give it more steps', () => extend(run)),
  };
  return run.wishes.map(verb => all[verb]());
}

/** Moves a waiting run one place before or after its neighbour. */
export function priorities(run) {
  const change = by => act(run.run, 'prioritise', { priority: Math.max(-1000, Math.min(1000, run.priority + by)) });
  return h('span', { class: 'priority', title: 'Priority: the higher is trained first' },
    h('button', { type: 'button', class: 'quiet', 'aria-label': `Lower priority of ${run.run}`, onclick: () => change(-1) }, '−'),
    h('span', {}, run.priority),
    h('button', { type: 'button', class: 'quiet', 'aria-label': `Higher priority of ${run.run}`, onclick: () => change(1) }, '+'));
}
