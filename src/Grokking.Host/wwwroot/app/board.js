// All runs as the service last told of them, for every page.

import { listen, read } from './api.js';
import { beforeNextFrame } from './dom.js';

const listeners = new Set();

export const board = {
  /** Runs by id. */
  runs: new Map(),
  /** Where runs stand that are trained here, by id. */
  progress: new Map(),
  /** The newest alerts, the oldest of them first. */
  alerts: [],
  /** How the service stands; null before it told. */
  service: null,
  /** Sentences about runs whose record cannot be read. */
  unreadable: [],
  /** Whether the service is heard. */
  connected: false,
  /** Whether the runs are known yet. */
  loaded: false,
  /** Grows with every change of the set of runs or of what is known of one. */
  version: 0,
};

const tell = beforeNextFrame(() => listeners.forEach(listener => listener(board)));

/** Has something done after each change, until the answer is called. */
export function watch(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Takes over what an answer said of a run. */
export function learn(run) {
  board.runs.set(run.run, run);
  board.version++;
  tell();
}

/** The waiting runs, in the order in which they will be trained. */
export function queue() {
  return [...board.runs.values()]
    .filter(run => run.status === 'queued' || (run.status === 'interrupted' && run.submitted))
    .sort((a, b) => b.priority - a.priority || (a.submitted ?? a.created).localeCompare(b.submitted ?? b.created) || (a.run < b.run ? -1 : 1));
}

async function reload() {
  // What changes while the answer is on its way is told by the stream, which was there before the question.
  const [list, alerts] = await Promise.all([read('/api/runs'), read('/api/alerts')]);
  board.runs = new Map(list.runs.map(run => [run.run, run]));
  board.unreadable = list.unreadable;
  board.alerts = alerts;
  board.loaded = true;
  board.version++;
  tell();
}

/** Begins to listen. */
export function start(onAlert) {
  listen(() => '/api/stream', {
    ready: () => reload().catch(() => {}),
    runs: runs => runs.forEach(learn),
    gone: ids => {
      ids.forEach(id => board.runs.delete(id));
      board.version++;
      tell();
    },
    progress: list => {
      board.progress = new Map(list.map(each => [each.run, each]));
      tell();
    },
    service: service => {
      board.service = service;
      tell();
    },
    alert: alert => {
      board.alerts = [...board.alerts, alert].slice(-200);
      onAlert(alert);
      tell();
    },
  }, connected => {
    board.connected = connected;
    tell();
  });
}
