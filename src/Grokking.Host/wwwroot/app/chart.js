// Lines over steps, with a band around each where one stands for many rows.

import { h } from './dom.js';
import { number, tick } from './format.js';
import { theme } from './theme.js';

// Where the machine that built the service had no Node, there is none; pages then show what the service draws.
const Plot = await import('/lib/uPlot.esm.js').then(module => module.default, () => null);

/** Whether anything can be drawn here. */
export const canDraw = Plot !== null;

const dashes = [[], [7, 3], [2, 3], [9, 3, 2, 3], [14, 4], [5, 2, 1, 2], [3, 5], [12, 3, 4, 3]];

/** How one of several things looks: colour and dash differ, so that each alone tells it from the others. */
export const look = i => ({ colour: `s${i % 8}`, dash: dashes[(i + Math.floor(i / 8)) % 8] });

// More names than these are read in a table.
const mostInLegend = 12;

const finite = value => typeof value === 'number' ? value : null;
const positive = value => typeof value === 'number' && value > 0 ? value : null;

/**
 * A chart. Its lines are { label, colour, dash, width, values, low, high }, all as long as the steps.
 * @param {{ title: string, group: string, range?: [number, number], zoom: (from: number, to: number) => void, whole: () => void }} options
 */
export function chart({ title, group, range, zoom, whole }) {
  const place = h('div', { class: 'plot' });
  const words = h('small', {});
  const element = h('section', { class: 'card', 'aria-label': title }, h('div', { class: 'row spread' }, h('h3', {}, title), words), place);
  let plot = null;
  let shape = '';
  let last = null;

  const resize = new ResizeObserver(() => plot && plot.width !== place.clientWidth && plot.setSize({ width: place.clientWidth, height: height() }));
  resize.observe(place);
  const height = () => innerWidth < 760 ? 220 : 270;

  function table({ steps, lines, axes }) {
    // A logarithmic axis has no place for step 0.
    const first = axes.x === 'log' ? steps.findIndex(step => step > 0) : 0;
    const from = first < 0 ? steps.length : first;
    const clean = axes.y === 'log' ? positive : finite;
    const column = values => values.slice(from).map(clean);
    return [steps.slice(from), ...lines.map(line => column(line.values)), ...lines.filter(line => line.low).flatMap(line => [column(line.high), column(line.low)])];
  }

  function marks(plotted) {
    const { ctx, bbox } = plotted;
    const scale = devicePixelRatio;
    ctx.save();
    ctx.font = `${12 * scale}px system-ui, sans-serif`;
    ctx.lineWidth = scale;
    last.marks.forEach((mark, i) => {
      const x = plotted.valToPos(mark.step, 'x', true);
      if (!(x >= bbox.left && x <= bbox.left + bbox.width)) return;
      ctx.strokeStyle = ctx.fillStyle = theme.colour(mark.colour);
      ctx.setLineDash([4 * scale, 3 * scale]);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      const isLeft = x > bbox.left + bbox.width / 2;
      ctx.textAlign = isLeft ? 'right' : 'left';
      ctx.fillText(mark.words, x + (isLeft ? -5 : 5) * scale, bbox.top + bbox.height * 0.45 + 17 * i * scale);
    });
    for (const level of last.levels) {
      const y = plotted.valToPos(level.value, 'y', true);
      if (!(y >= bbox.top && y <= bbox.top + bbox.height)) continue;
      ctx.strokeStyle = ctx.fillStyle = theme.colour('soft');
      ctx.setLineDash([2 * scale, 3 * scale]);
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
      ctx.textAlign = 'right';
      ctx.fillText(level.words, bbox.left + bbox.width - 4 * scale, y - 4 * scale);
    }
    ctx.restore();
  }

  function make(data) {
    const { lines, axes } = last;
    const banded = lines.filter(line => line.low);
    const axis = { stroke: theme.colour('soft'), grid: { stroke: theme.colour('grid'), width: 1 }, ticks: { stroke: theme.colour('grid'), width: 1 }, font: '12px system-ui, sans-serif', values: (_, ticks) => ticks.map(value => value === null ? '' : tick(value)) };
    const edge = { stroke: 'transparent', width: 0, class: 'edge', points: { show: false }, spanGaps: true };
    plot?.destroy();
    plot = new Plot({
      width: place.clientWidth || 560,
      height: height(),
      ms: 1,
      cursor: {
        sync: { key: group, setSeries: false },
        drag: { x: true, y: false, setScale: false },
        bind: { dblclick: () => () => { whole(); return null; } },
        points: { size: 6 },
      },
      focus: { alpha: 0.25 },
      legend: { live: true, show: lines.length <= mostInLegend },
      scales: {
        x: { time: false, distr: axes.x === 'log' ? 3 : 1, range: (_, low, high) => [axes.from ?? low, Math.max(axes.to ?? high, (axes.from ?? low) + 1e-9)] },
        y: { distr: axes.y === 'log' ? 3 : 1, ...(range && axes.y !== 'log' ? { range: () => range } : {}) },
      },
      axes: [{ ...axis, space: 56 }, { ...axis, size: 62 }],
      series: [
        { label: 'step', value: (_, value) => value === null ? '–' : value.toLocaleString('en-US') },
        ...lines.map(line => ({
          label: line.label, stroke: theme.colour(line.colour), width: line.width ?? 1.8, dash: line.dash ?? [], spanGaps: true,
          points: { show: data[0].length === 1 }, value: (_, value) => value === null ? '–' : number(value),
        })),
        ...banded.flatMap(line => [{ ...edge, label: `${line.label}, largest` }, { ...edge, label: `${line.label}, least` }]),
      ],
      bands: banded.map((line, i) => ({ series: [1 + lines.length + 2 * i, 2 + lines.length + 2 * i], fill: `${theme.colour(line.colour)}38` })),
      hooks: {
        draw: [marks],
        setSelect: [plotted => {
          if (plotted.select.width < 6) return;
          const [from, to] = [plotted.posToVal(plotted.select.left, 'x'), plotted.posToVal(plotted.select.left + plotted.select.width, 'x')];
          plotted.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
          zoom(Math.ceil(from), Math.floor(to));
        }],
      },
    }, data, place);
  }

  return {
    element,
    /** Draws what there is now. */
    draw(picture) {
      last = { marks: [], levels: [], words: '', ...picture };
      words.textContent = last.words;
      const data = table(last);
      const now = JSON.stringify([last.axes, last.lines.map(line => [line.label, line.colour, Boolean(line.low)]), theme.isDark(), data[0].length > 1]);
      if (plot && now === shape) plot.setData(data);
      else make(data);
      shape = now;
    },
    /** Has one line stand out; null for none. */
    point(label) {
      const i = last?.lines.findIndex(line => line.label === label) ?? -1;
      plot?.setSeries(i < 0 ? null : i + 1, { focus: i >= 0 });
    },
    destroy() {
      resize.disconnect();
      plot?.destroy();
    },
  };
}
