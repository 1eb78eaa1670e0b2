// What the service is asked, and what it tells by itself.

/** A refusal, in the service's own sentence. */
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem?.detail ?? problem?.title ?? `The service answered ${status}.`);
    this.status = status;
    this.errors = problem?.errors ?? {};
  }
}

async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch (fault) {
    if (fault.name === 'AbortError') throw fault;
    throw new Refusal(0, { detail: 'The service does not answer; does it still run?' });
  }
  const isJson = /json/.test(answer.headers.get('content-type') ?? '');
  const body = isJson ? await answer.json() : await answer.text();
  if (!answer.ok) throw new Refusal(answer.status, isJson ? body : null);
  return body;
}

/** Reads. */
export const read = (path, signal) => ask(path, { signal });

/** Wishes. */
export const wish = (path, body) => ask(path, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: body === undefined ? undefined : JSON.stringify(body),
});

/**
 * Listens to server-sent events for as long as the page can be seen: browsers allow few connections, and hidden pages need none.
 * The address is asked for anew each time, so that a listener goes on where it was.
 */
export function listen(address, handlers, connected = () => {}) {
  let source = null;
  let ended = false;
  let again = 0;

  function open() {
    if (ended || source || document.hidden) return;
    const opened = source = new EventSource(address());
    opened.onopen = () => connected(true);
    opened.onerror = () => {
      // Not the browser's own way of coming back, for that would ask for the first address again.
      close();
      connected(false);
      clearTimeout(again);
      again = setTimeout(open, 1000);
    };
    for (const [name, handle] of Object.entries(handlers)) opened.addEventListener(name, event => source === opened && handle(JSON.parse(event.data)));
  }

  function close() {
    source?.close();
    source = null;
  }

  const look = () => document.hidden ? close() : open();
  document.addEventListener('visibilitychange', look);
  open();
  return () => {
    ended = true;
    clearTimeout(again);
    close();
    document.removeEventListener('visibilitychange', look);
  };
}
