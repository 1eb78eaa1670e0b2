// The metrics of one run: as many as can be seen, and new rows as they come.

import { listen, read } from './api.js';

const points = 1600;

/**
 * @param {string} id The run.
 * @param {{ changed: () => void, stood: (run, progress) => void, failed: (sentence) => void }} on
 */
export function liveMetrics(id, axes, on) {
  const metrics = { steps: [], series: {}, columns: [], rows: 0, decimated: false, fetched: 0 };
  let asking = null;
  let newest = -1;
  let wanted = [];
  let stop = () => {};

  async function fetchAll() {
    asking?.abort();
    const mine = asking = new AbortController();
    const question = new URLSearchParams({ points: String(points), scale: axes.x });
    if (wanted.length) question.set('columns', wanted.join(','));
    if (axes.from !== null) question.set('from', String(axes.from));
    if (axes.to !== null) question.set('to', String(axes.to));
    try {
      const view = await read(`/api/runs/${encodeURIComponent(id)}/metrics?${question}`, mine.signal);
      Object.assign(metrics, { steps: view.steps, series: view.series, rows: view.rows, decimated: view.decimated, fetched: view.steps.length });
      const isFirst = metrics.columns.length !== view.columns.length;
      metrics.columns = view.columns;
      // Only what is older than the newest row is asked for again.
      newest = Math.max(newest, view.steps.at(-1) ?? -1);
      if (isFirst && wanted.length === 0 && view.columns.length > 0) {
        wanted = view.columns;
        return fetchAll();
      }
      on.changed();
    } catch (fault) {
      if (fault.name !== 'AbortError') on.failed(fault.message);
    } finally {
      if (asking === mine) asking = null;
    }
    return null;
  }

  function take(rows) {
    const fresh = rows.filter(row => row.step > newest);
    if (fresh.length === 0) return;
    newest = fresh.at(-1).step;
    // A run that had no rows yet has no columns either.
    if (metrics.columns.length === 0) return void fetchAll();
    for (const row of fresh) {
      if ((axes.from !== null && row.step < axes.from) || (axes.to !== null && row.step > axes.to)) continue;
      metrics.steps.push(row.step);
      metrics.rows++;
      for (const [name, series] of Object.entries(metrics.series)) {
        const value = row[name] ?? null;
        series.values.push(value);
        series.min?.push(value);
        series.max?.push(value);
      }
    }
    // When the picture has twice the points that it needs, it is asked for anew.
    if (metrics.steps.length > 2 * points && metrics.steps.length > 1.5 * metrics.fetched && !asking) fetchAll();
    else on.changed();
  }

  fetchAll().then(() => {
    stop = listen(() => `/api/runs/${encodeURIComponent(id)}/stream?after=${newest}`, {
      rows: take,
      run: event => on.stood(event.run, event.progress),
    });
    if (ended) stop();
  });
  let ended = false;
  return {
    metrics,
    fetch: fetchAll,
    leave() {
      ended = true;
      asking?.abort();
      stop();
    },
  };
}
