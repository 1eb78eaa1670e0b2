// All runs: found by words, put in order, chosen to be compared, and the queue.

import { board, queue, watch } from './board.js';
import { act } from './controls.js';
import { afterPause, fill, h } from './dom.js';
import { parse, sorted } from './filter.js';
import { longList } from './long-list.js';
import { visit } from './main.js';
import { headings, row } from './run-row.js';

const states = ['running', 'queued', 'paused', 'interrupted', 'completed', 'failed', 'cancelled'];
const most = 200;

// What was chosen stays chosen while other pages are looked at.
const chosen = new Set();

export function open(main) {
  document.title = 'Runs – Grokking';
  const address = new URLSearchParams(location.search);
  let [key, descending] = [address.get('sort') ?? 'created', address.get('order') !== 'ascending'];
  let shown = [];
  let current = -1;

  const words = h('input', {
    type: 'search', id: 'find', value: address.get('find') ?? '', spellcheck: 'false', autocomplete: 'off', 'aria-label': 'Find runs',
    placeholder: 'Find: words, status:running, test<0.9, seed:3, -failed', oninput: afterPause(60, () => refresh(true)),
  });
  const complaint = h('p', { class: 'bad note', role: 'alert' });
  const chips = h('div', { class: 'chips', role: 'group', 'aria-label': 'Status' });
  const compare = h('button', { type: 'button', class: 'main', disabled: true, onclick: openComparison }, 'Compare');
  const none = h('button', { type: 'button', class: 'quiet', hidden: true, onclick: () => choose([...chosen], false) }, 'Choose none');
  const note = h('p', { class: 'note' });
  const head = h('div', { class: 'run head', role: 'row' });
  const list = longList(run => run.run, run => row(run, board.progress.get(run.run), chosen.has(run.run), placeOf(run), {
    choose: on => choose([run.run], on),
  }), run => [run, board.progress.get(run.run), chosen.has(run.run), placeOf(run)]);
  let places = new Map();
  const placeOf = run => places.get(run.run);

  main.append(
    h('div', { class: 'bar' }, words, compare, none),
    complaint, chips, note,
    h('div', { class: 'table', role: 'table', 'aria-label': 'Runs', 'aria-colcount': headings.length }, head, list.element));

  function remember() {
    const next = new URLSearchParams();
    if (words.value.trim()) next.set('find', words.value.trim());
    if (key !== 'created') next.set('sort', key);
    if (!descending) next.set('order', 'ascending');
    history.replaceState(null, '', next.size ? `/?${next}` : '/');
  }

  function sortBy(name) {
    [key, descending] = [name, name === key ? !descending : !['run', 'experiment', 'status', 'memorised', 'grokked'].includes(name)];
    refresh(true);
  }

  function choose(ids, on) {
    ids.forEach(id => on ? chosen.add(id) : chosen.delete(id));
    refresh();
  }

  function openComparison() {
    visit(`/compare?runs=${[...chosen].slice(0, most).map(encodeURIComponent).join(',')}`);
  }

  function chip(name, label, many) {
    const word = `status:${name}`;
    const isOn = words.value.split(/\s+/).includes(word);
    return h('button', { type: 'button', class: `chip ${name}`, 'aria-pressed': String(isOn), onclick: () => {
      const rest = words.value.split(/\s+/).filter(each => each && !each.startsWith('status:'));
      words.value = (isOn ? rest : [...rest, word]).join(' ');
      refresh(true);
    } }, label, ' ', h('b', {}, many));
  }

  function refresh(isNew = false) {
    const filter = parse(words.value);
    complaint.textContent = filter.complaint;
    const all = [...board.runs.values()];
    const counts = Object.groupBy(all, run => run.status === 'pausing' ? 'running' : run.status);
    places = new Map(queue().map((run, i) => [run.run, i + 1]));
    fill(chips, states.filter(state => counts[state]).map(state => chip(state, state, counts[state].length)));
    fill(head, headings.map(each => h('span', { class: each.class, role: 'columnheader', 'aria-sort': each.key !== key ? null : descending ? 'descending' : 'ascending' },
      each.key ? h('button', { type: 'button', class: 'quiet', title: each.title, onclick: () => sortBy(each.key) }, each.words, each.key === key ? (descending ? ' ↓' : ' ↑') : '') : each.words)));
    shown = sorted(all.filter(filter.fits), key, descending);
    if (isNew) {
      current = -1;
      remember();
    }
    list.set(shown);
    compare.disabled = chosen.size < 2;
    compare.textContent = chosen.size ? `Compare ${Math.min(chosen.size, most)}` : 'Compare';
    none.hidden = chosen.size === 0;
    fill(note, !board.loaded ? 'Loading …' : all.length === 0 ? ['No runs yet. ', h('a', { href: '/submit' }, 'Submit an experiment'), '.']
      : `${shown.length === all.length ? '' : `${shown.length} of `}${all.length} runs`, board.unreadable.map(sentence => h('span', { class: 'bad' }, ` ${sentence}`)),
      shown.length > 1 ? h('button', { type: 'button', class: 'quiet link', onclick: () => choose(shown.slice(0, most).map(run => run.run), true) }, `choose ${shown.length > most ? `the first ${most}` : 'these'}`) : null);
  }

  function step(by) {
    if (shown.length === 0) return;
    current = Math.max(0, Math.min(shown.length - 1, current + by));
    list.reveal(current);
    list.element.querySelector(`[data-run="${CSS.escape(shown[current].run)}"] a`)?.focus({ preventScroll: true });
  }

  const here = () => {
    const id = document.activeElement?.closest?.('[data-run]')?.dataset.run;
    return id ? board.runs.get(id) : undefined;
  };
  refresh();
  const unwatch = watch(() => refresh());
  return {
    leave() {
      unwatch();
      list.leave();
    },
    keys: {
      '/': () => words.select(),
      j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
      ' ': () => here() ? choose([here().run], !chosen.has(here().run)) : false,
      c: () => chosen.size > 1 && openComparison(),
      p: () => {
        const verb = here()?.wishes.find(each => each === 'resume' || each === 'pause');
        if (verb) act(here().run, verb);
      },
    },
  };
}
