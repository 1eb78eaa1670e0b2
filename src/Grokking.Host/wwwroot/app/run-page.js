// One run: how it stands, its curves as they grow, what it was trained with.

import { read } from './api.js';
import { axesBar, readAxes, writeAxes } from './axes.js';
import { board, watch } from './board.js';
import { canDraw, chart, look } from './chart.js';
import { act, controls } from './controls.js';
import { beforeNextFrame, fill, h } from './dom.js';
import { count, duration, moment, number, percent } from './format.js';
import { heatMaps } from './heat.js';
import { liveMetrics } from './live-metrics.js';
import { badge, progressBar } from './run-row.js';
import { theme } from './theme.js';
import { say } from './toasts.js';

const train = { colour: 'train' };
const test = { colour: 'test', dash: [7, 3] };

// Columns that belong into one picture; every other prefix makes a picture of its own.
function pictures(columns) {
  const all = [
    { title: 'accuracy', range: [0, 1.04], columns: [['train_accuracy', 'train', train], ['test_accuracy', 'test', test]] },
    { title: 'loss', columns: [['train_loss', 'train', train], ['test_loss', 'test', test]] },
  ];
  const groups = new Map();
  for (const name of columns.filter(each => !all.some(picture => picture.columns.some(([known]) => known === each)))) {
    const prefix = ['weight_norm_', 'gradient_norm_'].find(each => name.startsWith(each)) ?? name;
    groups.set(prefix, [...groups.get(prefix) ?? [], name]);
  }
  // What is mostly a constant comes last.
  for (const [prefix, names] of [...groups].sort(([a], [b]) => (a === 'learning_rate') - (b === 'learning_rate'))) {
    all.push({
      title: prefix.endsWith('_') ? `${prefix.replaceAll('_', ' ').trim()}s` : prefix.replaceAll('_', ' '),
      columns: names.map((name, i) => [name, names.length > 1 ? name.slice(prefix.length) : name, look(i)]),
    });
  }
  return all;
}

export function open(main, id) {
  document.title = `${id} – Grokking`;
  const axes = readAxes({ x: 'linear', y: 'linear' });
  const bar = axesBar(axes, changed => {
    writeAxes({ x: axes.x === 'log' ? 'log' : null, y: axes.y === 'log' ? 'log' : null, from: axes.from, to: axes.to });
    if (changed.includes('y')) draw();
    else live.fetch();
  });
  const head = h('div', {});
  const facts = h('dl', { class: 'facts' });
  const note = h('p', { class: 'note' });
  const charts = h('div', { class: 'charts' });
  const rest = h('div', {});
  main.append(head, facts, canDraw ? bar.element : null, note, charts, rest);

  let run = board.runs.get(id) ?? null;
  let progress = board.progress.get(id) ?? null;
  let drawn = [];
  let columns = '';
  let maps = [];
  const live = liveMetrics(id, axes, { changed: beforeNextFrame(() => draw()), stood, failed: sentence => fill(note, h('span', { class: 'bad' }, sentence)) });

  function marks() {
    const crossed = name => {
      const known = name === 'test' ? run?.grokked_step ?? progress?.grokked_step : run?.memorised_step;
      if (known !== null && known !== undefined) return known;
      const { steps, series, decimated } = live.metrics;
      const at = decimated ? -1 : series[`${name}_accuracy`]?.values.findIndex(value => value >= 0.95) ?? -1;
      return at >= 0 ? steps[at] : null;
    };
    return [[crossed('train'), 'memorised'], [crossed('test'), 'grokked']].filter(([step]) => step !== null && step !== undefined)
      .map(([step, words]) => ({ step, words: `${words} ${count(step)}`, colour: words }));
  }

  function draw() {
    if (!canDraw || live.metrics.columns.length === 0) return;
    const { steps, series, rows, decimated } = live.metrics;
    if (columns !== live.metrics.columns.join()) {
      columns = live.metrics.columns.join();
      drawn.forEach(each => each.chart.destroy());
      drawn = pictures(live.metrics.columns).map(picture => ({ picture, chart: chart({
        title: picture.title, group: id, range: picture.range, zoom: (from, to) => bar.set({ from, to }), whole: () => bar.set({ from: null, to: null }),
      }) }));
      fill(charts, drawn.map(each => each.chart.element), maps);
    }
    const modulus = Number(/ mod (\d+)$/.exec(run?.task ?? '')?.[1]);
    const where = marks();
    for (const { picture, chart: target } of drawn) {
      const lines = picture.columns.filter(([name]) => series[name]).map(([name, label, style]) => ({ label, ...style, values: series[name].values, low: series[name].min, high: series[name].max }));
      // A measure that is not taken at every step has gaps, which are spanned.
      target.draw({ steps, lines, axes, marks: picture.title === 'accuracy' ? where : where.map(mark => ({ ...mark, words: '' })), levels: picture.title === 'accuracy' && modulus ? [{ value: 1 / modulus, words: 'chance 1/p' }] : [] });
    }
    fill(note, rows === 0 ? 'No rows in this range.' : decimated ? `${count(rows)} rows as ${count(steps.length)} points, each with the least and the largest value of what it stands for.` : `${count(rows)} rows, all shown.`,
      axes.x === 'log' ? ' A logarithmic axis has no place for step 0.' : '', ' Drag across a chart to look closer; a double click shows all.');
  }

  function stood(nextRun, nextProgress) {
    const before = run?.status;
    [run, progress] = [nextRun, nextProgress];
    summary();
    if (before && before !== run.status && run.status === 'completed') {
      live.fetch();
      spectrum();
    } else {
      draw();
    }
  }

  function summary() {
    if (!run) return;
    // Whoever stands on a button goes on standing on it.
    const place = [...head.querySelectorAll('button')].findIndex(button => button === document.activeElement);
    fill(head,
      h('div', { class: 'row spread' }, h('h1', {}, run.experiment), h('div', { class: 'row' }, controls(run),
        h('a', { href: `/submit?clone=${encodeURIComponent(id)}` }, 'clone with changes'), h('a', { href: `/compare?runs=${encodeURIComponent(id)}` }, 'compare'))),
      h('div', { class: 'row' }, badge(run), h('code', {}, run.run), h('button', { type: 'button', class: 'quiet', onclick: () => copy(run.run) }, 'copy id'),
        run.metrics ? h('a', { href: `/api/runs/${encodeURIComponent(id)}/metrics.parquet`, download: true }, 'Parquet') : null,
        h('button', { type: 'button', class: 'quiet', title: run.directory, onclick: () => copy(run.metrics ?? run.directory) }, 'copy path')),
      run.failure ? h('p', { class: 'bad', role: 'alert' }, run.failure) : null,
      progressBar(run, progress));
    if (place >= 0) head.querySelectorAll('button')[place]?.focus({ preventScroll: true });
    const delay = run.memorised_step !== null && run.grokked_step !== null ? run.grokked_step - run.memorised_step : null;
    const shown = [
      ['task', run.task], ['network · optimiser', `${run.network} · ${run.optimiser}`], ['seed', run.seed], ['train fraction', number(run.train_fraction)],
      ['train accuracy', percent(progress?.train_accuracy ?? run.train_accuracy)], ['test accuracy', percent(progress?.test_accuracy ?? run.test_accuracy)],
      ['memorised at (95 %)', count(run.memorised_step)], ['grokked at (95 %)', count(progress?.grokked_step ?? run.grokked_step)], ['delay', delay === null ? '–' : `${count(delay)} steps`],
      ['stop reason', run.stop_reason ?? '–'], ['trained for', duration(run.elapsed_seconds)], ['resumed', run.resumes === 1 ? 'once' : `${run.resumes} times`], ['created', moment(run.created)],
    ];
    fill(facts, shown.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value ?? '–'))));
  }

  async function copy(text) {
    await navigator.clipboard.writeText(text).then(() => say(`Copied: ${text}`), () => say(text));
  }

  async function settings() {
    try {
      const detail = await read(`/api/runs/${encodeURIComponent(id)}`);
      stood(detail.run, detail.progress);
      fill(rest, h('details', {}, h('summary', {}, 'Settings, every default filled in'), h('pre', { class: 'settings card' }, JSON.stringify(detail.configuration, null, 2))),
        h('details', {}, h('summary', {}, 'What trained it'), h('pre', { class: 'settings card' }, JSON.stringify(detail.environment, null, 2))));
      if (!canDraw) withoutPlots();
    } catch (refusal) {
      fill(main, h('h1', {}, id), h('p', { class: 'bad', role: 'alert' }, refusal.message), h('a', { href: '/' }, 'All runs'));
    }
  }

  function withoutPlots() {
    fill(note, 'The charts of this page need uPlot, which the machine that built the service could not get from npm. ', run.metrics ? 'The service has drawn the curves:' : 'At its end the service draws the curves.');
    if (run.metrics) fill(charts, h('img', { class: 'card wide', src: `/api/runs/${encodeURIComponent(id)}/curves.svg`, alt: 'Accuracy, loss and weight norms over steps' }));
  }

  async function spectrum() {
    const found = await read(`/api/runs/${encodeURIComponent(id)}/spectrum`).catch(() => null);
    maps.forEach(map => map.remove());
    maps = found?.steps.length ? heatMaps(found) : [];
    charts.append(...maps);
  }

  summary();
  settings();
  spectrum();
  const unwatch = watch(() => {
    const known = board.runs.get(id);
    if (known && known !== run && run && known.updated >= run.updated) stood(known, board.progress.get(id) ?? null);
  });
  const untheme = theme.watch(() => draw());
  return {
    leave() {
      unwatch();
      untheme();
      live.leave();
      drawn.forEach(each => each.chart.destroy());
    },
    keys: { ...bar.keys, p: () => {
      const verb = run?.wishes.find(each => each === 'resume' || each === 'pause');
      if (verb) act(id, verb);
    } },
  };
}
