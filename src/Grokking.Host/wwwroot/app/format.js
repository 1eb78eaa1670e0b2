// Numbers and times for people. What is not known is a dash.

const none = '–';

/** A whole number, in groups of three. */
export const count = value => value === null || value === undefined ? none : value.toLocaleString('en-US');

/** A share of 1 in per cent. */
export const percent = value => value === null || value === undefined ? none : `${(100 * value).toFixed(value > 0.99 && value < 1 ? 2 : 1)} %`;

/** A number of any size, four digits of it. */
export function number(value) {
  if (value === null || value === undefined) return none;
  if (typeof value === 'string') return value;
  const size = Math.abs(value);
  if (size === 0) return '0';
  return size >= 1e6 || size < 1e-3 ? value.toExponential(3).replace('e+', 'e') : String(Number(value.toPrecision(4)));
}

/** A number on an axis, short. */
export function tick(value) {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 1e9 || size < 1e-4) return value.toExponential(0).replace('e+', 'e');
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(4))}M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(4))}k`;
  return String(Number(value.toPrecision(6)));
}

/** Seconds as people say them. */
export function duration(seconds) {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return none;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.round(hours / 24)} days`;
}

/** A rate. */
export const rate = value => value > 0 ? `${count(Number(value.toPrecision(3)))} steps/s` : none;

/** A moment, in the reader's own time. */
export function moment(text) {
  const time = new Date(text);
  const two = value => String(value).padStart(2, '0');
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** The seconds that a run still needs at its speed; null where nobody knows. */
export const remaining = progress => progress && progress.steps_per_second > 0 ? (progress.budget - progress.step) / progress.steps_per_second : null;
