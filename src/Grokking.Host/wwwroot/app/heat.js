// A spectrum over time as a heat map: steps across, frequencies or ranks up.

import { h } from './dom.js';
import { count, percent } from './format.js';

// From dark to light, even to the eye, and told apart by brightness alone.
const stops = [[13, 8, 66], [84, 15, 109], [159, 42, 99], [212, 72, 66], [245, 125, 21], [250, 193, 39], [252, 255, 164]];

function colour(share) {
  const place = Math.max(0, Math.min(1, share)) * (stops.length - 1);
  const low = Math.min(stops.length - 2, Math.floor(place));
  return stops[low].map((from, i) => Math.round(from + (stops[low + 1][i] - from) * (place - low)));
}

function map(title, steps, rows, shares, row) {
  const canvas = h('canvas', { class: 'heat', width: steps.length, height: rows.length, role: 'img', 'aria-label': `${title}: ${steps.length} steps, ${rows.length} rows` });
  const words = h('p', { class: 'note heat-words' });
  const largest = Math.max(...shares.flat(), 1e-12);
  const picture = canvas.getContext('2d');
  const image = picture.createImageData(steps.length, rows.length);
  shares.forEach((column, x) => column.forEach((share, y) => {
    // Square root: what is weak is seen beside what is strong.
    image.data.set([...colour(Math.sqrt(share / largest)), 255], 4 * ((rows.length - 1 - y) * steps.length + x));
  }));
  picture.putImageData(image, 0, 0);
  const usual = `Steps ${count(steps[0])} to ${count(steps.at(-1))}, one column for each table; ${row(rows[0])} below, ${row(rows.at(-1))} above; the brightest is ${percent(largest)}.`;
  words.textContent = usual;
  canvas.addEventListener('mousemove', event => {
    const x = Math.min(steps.length - 1, Math.floor(event.offsetX / canvas.clientWidth * steps.length));
    const y = Math.min(rows.length - 1, Math.max(0, rows.length - 1 - Math.floor(event.offsetY / canvas.clientHeight * rows.length)));
    words.textContent = `step ${count(steps[x])}, ${row(rows[y])}: ${percent(shares[x][y])}`;
  });
  canvas.addEventListener('mouseleave', () => words.textContent = usual);
  return h('section', { class: 'card', 'aria-label': title }, h('h3', {}, title), canvas, words);
}

/** The pictures of a spectrum: which frequencies there are, and how few a neuron needs. */
export function heatMaps(spectrum) {
  const { steps, frequencies, by_frequency: byFrequency, by_rank: byRank } = spectrum;
  return [
    byRank ? map('share of a neuron\'s strongest frequencies, mean over neurons', steps, frequencies.map((_, i) => i + 1), byRank, rank => rank === 1 ? 'the strongest' : `number ${rank}`) : null,
    map('share of each frequency, mean over neurons', steps, frequencies, byFrequency, frequency => `frequency ${frequency}`),
  ].filter(Boolean);
}
