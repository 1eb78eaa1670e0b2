// Runs beside each other: their curves over each other, and the settings in which they differ.

import { read } from './api.js';
import { axesBar, readAxes, writeAxes } from './axes.js';
import { canDraw, chart, look } from './chart.js';
import { fill, h } from './dom.js';
import { count, percent } from './format.js';
import { visit } from './main.js';
import { badge } from './run-row.js';
import { allSteps, at, groups, mean } from './seeds.js';
import { theme } from './theme.js';
import { say } from './toasts.js';

const usual = ['test_accuracy', 'test_loss'];
// Two runs are looked at closely; of hundreds nobody sees more than this.
const points = runs => Math.max(300, Math.min(2000, Math.round(30_000 / runs)));
const again = 3000;

export function open(main) {
  document.title = 'Compare – Grokking';
  const address = new URLSearchParams(location.search);
  let ids = (address.get('runs') ?? '').split(',').filter(Boolean);
  let columns = (address.get('columns') ?? '').split(',').filter(Boolean);
  if (columns.length === 0) columns = usual;
  let isTogether = address.get('seeds') !== 'apart';
  const axes = readAxes({ x: 'linear', y: 'linear' });
  const note = h('p', { class: 'note' });
  const charts = h('div', { class: 'charts' });
  const table = h('div', { class: 'comparison card wide' });
  const choice = h('details', {});
  let drawn = [];
  let comparison = null;
  let asking = null;
  let timer = 0;

  const bar = axesBar(axes, changed => {
    remember();
    if (changed.includes('y')) draw();
    else fetchAll();
  });
  const seeds = h('button', { type: 'button', title: 'Runs that differ in their seed only: one line each, or their mean between the least and the largest', onclick: () => {
    isTogether = !isTogether;
    remember();
    draw();
  } });
  bar.element.append(seeds, h('button', { type: 'button', class: 'quiet', onclick: () => navigator.clipboard.writeText(location.href).then(() => say('Copied the address of this comparison.'), () => say(location.href)) }, 'copy address'));
  main.append(h('h1', {}, 'Compare'));
  if (ids.length === 0) {
    main.append(h('p', {}, 'Choose two runs or more in the ', h('a', { href: '/' }, 'list of runs'), ' (Space), and compare them (c).'));
    return {};
  }
  main.append(bar.element, choice, note, charts, h('h2', {}, 'Where they differ'), table);

  function remember() {
    writeAxes({ x: axes.x === 'log' ? 'log' : null, y: axes.y === 'log' ? 'log' : null, from: axes.from, to: axes.to },
      { runs: ids.join(','), columns: columns.join() === usual.join() ? null : columns.join(','), seeds: isTogether ? null : 'apart' });
  }

  async function fetchAll() {
    asking?.abort();
    const mine = asking = new AbortController();
    clearTimeout(timer);
    const question = new URLSearchParams({ run: ids.join(','), columns: columns.join(','), points: String(points(ids.length)), scale: axes.x });
    if (axes.from !== null) question.set('from', String(axes.from));
    if (axes.to !== null) question.set('to', String(axes.to));
    try {
      comparison = await read(`/api/compare?${question}`, mine.signal);
      choices();
      draw();
    } catch (fault) {
      if (fault.name === 'AbortError') return;
      fill(note, h('span', { class: 'bad', role: 'alert' }, fault.message));
    }
    if (comparison?.runs.some(run => ['running', 'pausing', 'queued'].includes(run.status))) timer = setTimeout(() => document.hidden ? null : fetchAll(), again);
  }

  function choices() {
    const all = [...new Set(comparison.metrics.flatMap(each => each.columns))];
    const isOpen = choice.open;
    fill(choice, h('summary', {}, `Shown: ${columns.join(', ')}`), h('div', { class: 'ticks' }, all.map(name => h('label', {}, h('input', { type: 'checkbox', checked: columns.includes(name), onchange: event => {
      columns = event.target.checked ? [...columns, name] : columns.filter(each => each !== name);
      remember();
      fetchAll();
    } }), name))));
    choice.open = isOpen;
  }

  function draw() {
    if (!comparison) return;
    const found = groups(comparison, isTogether);
    seeds.textContent = `seeds: ${isTogether ? 'together' : 'apart'}`;
    seeds.setAttribute('aria-pressed', String(isTogether));
    if (canDraw) {
      if (drawn.map(each => each.name).join() !== columns.join()) {
        drawn.forEach(each => each.chart.destroy());
        drawn = columns.map(name => ({ name, chart: chart({
          title: name.replaceAll('_', ' '), group: 'compare', range: name.endsWith('_accuracy') ? [0, 1.04] : undefined,
          zoom: (from, to) => bar.set({ from, to }), whole: () => bar.set({ from: null, to: null }),
        }) }));
        fill(charts, drawn.map(each => each.chart.element));
      }
      for (const each of drawn) each.chart.draw({ ...picture(found, each.name), axes });
    }
    const isDecimated = comparison.metrics.some(each => each.decimated);
    fill(note, `${comparison.runs.length} runs`, isTogether && found.some(group => group.runs.length > 1) ? '; a line is the mean over the seeds that have come so far, its band reaches from the least to the largest' : '', isDecimated ? `; each point stands for several rows, its band for the least and the largest of them` : '; every row is shown', '.');
    list(found);
  }

  function picture(found, name) {
    const having = found.map((group, i) => ({ group, i, curves: group.runs.map(run => comparison.metrics[run]).filter(curve => curve.series[name] && curve.steps.length) })).filter(each => each.curves.length);
    const steps = allSteps(having.flatMap(each => each.curves));
    return { steps, lines: having.map(({ group, i, curves }) => {
      const [curve] = curves;
      const series = curve.series[name];
      const shown = curves.length > 1 ? mean(steps, curves, name)
        : { values: at(steps, curve, series.values), ...(series.min ? { low: at(steps, curve, series.min), high: at(steps, curve, series.max) } : {}) };
      return { label: group.label, ...look(i), ...shown };
    }) };
  }

  function list(found) {
    const paths = Object.keys(comparison.differing);
    const words = value => value === null ? '–' : typeof value === 'string' ? value : JSON.stringify(value);
    const heads = ['', 'run', ...paths, 'status', 'test accuracy', 'memorised', 'grokked', ''];
    fill(table, paths.length === 0 && comparison.runs.length > 1 ? h('p', {}, 'They differ in nothing.') : null, h('table', {},
      h('thead', {}, h('tr', {}, heads.map(head => h('th', { scope: 'col' }, head)))),
      h('tbody', {}, found.flatMap((group, i) => group.runs.map(index => {
        const run = comparison.runs[index];
        return h('tr', { onmouseenter: () => drawn.forEach(each => each.chart.point(group.label)), onmouseleave: () => drawn.forEach(each => each.chart.point(null)) },
          h('td', {}, h('span', { class: 'swatch', style: `background:var(--${look(i).colour})` })),
          h('td', {}, h('a', { href: `/runs/${encodeURIComponent(run.run)}` }, run.run)),
          paths.map(path => h('td', {}, words(comparison.differing[path][index]))),
          h('td', {}, badge(run)), h('td', { class: 'number' }, percent(run.test_accuracy)), h('td', { class: 'number' }, count(run.memorised_step)), h('td', { class: 'number' }, count(run.grokked_step)),
          h('td', {}, h('button', { type: 'button', class: 'quiet', 'aria-label': `Leave out ${run.run}`, title: 'Leave it out', onclick: () => {
            ids = ids.filter(id => id !== run.run);
            if (ids.length === 0) visit('/compare');
            else {
              remember();
              fetchAll();
            }
          } }, '×')));
      })))));
  }

  fetchAll();
  const untheme = theme.watch(() => draw());
  return {
    leave() {
      untheme();
      clearTimeout(timer);
      asking?.abort();
      drawn.forEach(each => each.chart.destroy());
    },
    keys: bar.keys,
  };
}
