// Runs that differ in their seed only, as one: the mean, between the least and the largest.

/** A number at a step that lies between two measured ones; null where it is not between any. */
function between(steps, values, step, hint) {
  let i = hint.at;
  while (i + 1 < steps.length && steps[i + 1] <= step) i++;
  hint.at = i;
  if (steps.length === 0 || step < steps[0] || step > steps.at(-1)) return null;
  if (steps[i] === step) return values[i];
  const [a, b] = [values[i], values[i + 1]];
  return typeof a === 'number' && typeof b === 'number' ? a + (b - a) * (step - steps[i]) / (steps[i + 1] - steps[i]) : null;
}

/** All steps of several curves, ascending. */
export const allSteps = curves => [...new Set(curves.flatMap(curve => curve.steps))].sort((a, b) => a - b);

/** A curve at other steps. */
export function at(steps, curve, values) {
  const hint = { at: 0 };
  return steps.map(step => between(curve.steps, values, step, hint));
}

/** The mean of several curves, at each step of those that reach there, and what they lie between. */
export function mean(steps, curves, name) {
  const values = curves.map(curve => at(steps, curve, curve.series[name].values));
  const lows = curves.map((curve, i) => curve.series[name].min ? at(steps, curve, curve.series[name].min) : values[i]);
  const highs = curves.map((curve, i) => curve.series[name].max ? at(steps, curve, curve.series[name].max) : values[i]);
  const column = (of, make) => steps.map((_, i) => {
    const here = of.map(each => each[i]).filter(value => typeof value === 'number');
    return here.length ? make(here) : null;
  });
  return {
    values: column(values, here => here.reduce((sum, value) => sum + value, 0) / here.length),
    low: column(lows, here => Math.min(...here)),
    high: column(highs, here => Math.max(...here)),
  };
}

/** Runs of equal settings, seeds aside; each group has a name made of what tells it from the others. */
export function groups(comparison, isTogether) {
  const paths = Object.keys(comparison.differing).filter(path => path !== 'name' && (!isTogether || path !== 'seed'));
  const last = path => path.split('.').at(-1);
  const short = path => paths.filter(other => last(other) === last(path)).length > 1 ? path : last(path);
  const found = new Map();
  comparison.runs.forEach((run, i) => {
    const words = paths.map(path => [short(path), comparison.differing[path][i]]).filter(([, value]) => value !== null)
      .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`).join(', ');
    const key = isTogether ? words : `${words} ${run.run}`;
    if (!found.has(key)) found.set(key, { words: words || run.run, runs: [] });
    found.get(key).runs.push(i);
  });
  const all = [...found.values()];
  const names = new Set();
  for (const group of all) {
    group.label = isTogether && group.runs.length > 1 ? `${paths.length ? group.words : comparison.runs[group.runs[0]].experiment} (${group.runs.length} seeds)` : group.words;
    if (names.has(group.label)) group.label = `${group.label} ${comparison.runs[group.runs[0]].run}`;
    names.add(group.label);
  }
  return all;
}
