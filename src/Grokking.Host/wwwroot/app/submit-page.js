// An experiment, made from a preset, from a run or from nothing, with the schema's help; and put into the queue.

import { read, wish } from './api.js';
import { board, learn } from './board.js';
import { afterPause, fill, h } from './dom.js';
import { count } from './format.js';
import { visit } from './main.js';
import { fitting, withValue } from './schema.js';
import { form } from './schema-form.js';
import { say } from './toasts.js';

const mostSeeds = 100;

export async function open(main) {
  document.title = 'Submit – Grokking';
  const address = new URLSearchParams(location.search);
  const [schema, presets] = await Promise.all([read('/api/schema'), read('/api/experiments')]);
  let experiment = {};
  let isForm = true;
  let said = { valid: false, errors: [], warnings: [], run: null };

  const preset = h('select', { id: 'preset', 'aria-label': 'Begin with', onchange: () => preset.value && load(`/api/experiments/${preset.value}`) },
    h('option', { value: '' }, 'Begin with a preset …'), presets.map(each => h('option', { value: each.name }, `${each.name} – ${each.task}, ${count(each.steps)} steps`)));
  const place = h('div', {});
  const verdict = h('div', { class: 'card', 'aria-live': 'polite' });
  const seeds = h('input', { id: 'seeds', type: 'number', min: 1, max: mostSeeds, value: '1', style: 'width:80px' });
  const priority = h('input', { id: 'priority', type: 'number', min: -1000, max: 1000, value: '0', style: 'width:80px' });
  const submit = h('button', { type: 'button', class: 'main', id: 'submit', disabled: true, onclick: send }, 'Submit');
  const tabs = h('div', { class: 'tabs', role: 'group', 'aria-label': 'How it is written' });
  main.append(h('h1', {}, 'Submit an experiment'), h('div', { class: 'submit' },
    h('div', {}, h('div', { class: 'bar' }, preset), tabs, place),
    h('div', { class: 'side' }, verdict,
      h('div', { class: 'card' },
        h('div', { class: 'row' }, h('label', { for: 'seeds' }, 'seeds'), seeds, h('label', { for: 'priority' }, 'priority'), priority),
        h('p', { class: 'note' }, 'With several seeds there is a run for each, from the experiment\'s seed upwards.'), submit))));

  const validate = afterPause(200, async () => {
    const asked = JSON.stringify(experiment);
    try {
      const answer = await wish('/api/validate', experiment);
      if (asked !== JSON.stringify(experiment)) return;
      said = answer;
    } catch (refusal) {
      said = { valid: false, errors: [{ path: '', message: refusal.message }], warnings: [], run: null };
    }
    judge();
  });

  function judge() {
    const known = said.run ? board.runs.get(said.run) : null;
    submit.disabled = !said.valid;
    fill(verdict,
      said.valid ? h('p', { class: 'good' }, 'It can be trained.') : h('p', {}, said.errors.length === 1 ? 'One thing is wrong:' : `${said.errors.length} things are wrong:`),
      h('ul', { class: 'bad' }, said.errors.map(error => h('li', {}, error.message))),
      said.warnings.map(sentence => h('p', { class: 'note' }, sentence)),
      said.run ? h('p', { class: 'note' }, known ? ['Its run is there already: ', h('a', { href: `/runs/${said.run}` }, said.run), '.'] : ['Its run will be ', h('code', {}, said.run), '.']) : null);
    if (isForm) draw();
  }

  // The fields are made anew; whoever writes in one goes on writing there.
  function draw() {
    for (const [name, words] of [[true, 'Form'], [false, 'JSON']]) {
      if (tabs.children.length < 2) tabs.append(h('button', { type: 'button', onclick: () => { isForm = name; draw(); } }, words));
    }
    [...tabs.children].forEach((tab, i) => tab.setAttribute('aria-pressed', String((i === 0) === isForm)));
    if (!isForm) {
      const text = h('textarea', { class: 'whole', id: 'json', spellcheck: 'false', 'aria-label': 'The experiment as JSON', value: JSON.stringify(experiment, null, 2), oninput: () => {
        try {
          experiment = JSON.parse(text.value);
          validate();
        } catch (fault) {
          said = { valid: false, errors: [{ path: '', message: `This is no JSON: ${fault.message}` }], warnings: [], run: null };
          judge();
        }
      } });
      fill(place, text);
      return;
    }
    const active = document.activeElement?.dataset?.path;
    const opened = new Set([...place.querySelectorAll('details[open] > summary')].map(summary => summary.textContent));
    const errors = new Map();
    for (const error of said.errors) errors.set(error.path, [...errors.get(error.path) ?? [], error.message]);
    const scroll = scrollY;
    fill(place, form(schema, experiment, errors, (path, value) => {
      experiment = fitting(withValue(experiment, path, value), schema);
      draw();
      validate();
    }));
    place.querySelectorAll('details > summary').forEach(summary => { summary.parentElement.open = opened.has(summary.textContent); });
    scrollTo(0, scroll);
    if (active) place.querySelector(`[data-path="${CSS.escape(active)}"]`)?.focus({ preventScroll: true });
  }

  async function load(path) {
    try {
      const found = await read(path);
      const text = typeof found === 'string' ? JSON.parse(found) : found.configuration ?? found;
      delete text.$schema;
      experiment = text;
      draw();
      validate();
    } catch (refusal) {
      say(refusal.message, 'bad');
    }
  }

  async function send() {
    const many = Math.max(1, Math.min(mostSeeds, Number(seeds.value) || 1));
    submit.disabled = true;
    const runs = [];
    try {
      for (let i = 0; i < many; i++) {
        const run = await wish('/api/runs', { experiment: many > 1 ? { ...experiment, seed: (experiment.seed ?? 0) + i } : experiment, priority: Number(priority.value) || 0 });
        learn(run);
        runs.push(run.run);
      }
      visit(runs.length === 1 ? `/runs/${encodeURIComponent(runs[0])}` : `/compare?runs=${runs.map(encodeURIComponent).join(',')}`);
    } catch (refusal) {
      say(refusal.message, 'bad');
      submit.disabled = false;
    }
  }

  draw();
  judge();
  if (address.has('clone')) await load(`/api/runs/${encodeURIComponent(address.get('clone'))}`);
  else if (address.has('preset')) await load(`/api/experiments/${address.get('preset')}`);
  return {};
}
