// Live progress: one stream per running operation, shared by all parts of the page that show it.
import { api, ApiError, serverNow } from './api.js';
import { instant } from './format.js';

/** A browser opens six connections to a host, and some must stay free for other requests. The page polls the operations beyond this number. */
const MOST_STREAMS = 3;
const POLL_MS = 2000;

const watches = new Map();
let streams = 0;

/**
 * Calls `listener({details, figures, ended})` at every change of the backup's operation until the returned function is called.
 * While the page is hidden, it sends no requests.
 */
export function watch(backup, listener) {
  const key = `${backup.id}/${backup.task_id}`;
  const entry = watches.get(key) ?? start(key, backup);
  entry.listeners.add(listener);
  if (entry.last) {
    listener(entry.last);
  }
  return () => {
    entry.listeners.delete(listener);
    if (entry.listeners.size === 0) {
      entry.abort.abort();
      watches.delete(key);
    }
  };
}

function start(key, backup) {
  const entry = { backup, listeners: new Set(), abort: new AbortController(), last: null };
  watches.set(key, entry);
  follow(entry).finally(() => {
    if (watches.get(key) === entry) {
      watches.delete(key);
    }
  });
  return entry;
}

async function follow(entry) {
  const { signal } = entry.abort;
  while (!signal.aborted) {
    try {
      const ended = streams < MOST_STREAMS ? await stream(entry) : await poll(entry);
      if (ended) {
        return;
      }
    } catch (error) {
      if (signal.aborted || (error instanceof ApiError && error.status < 500 && error.status !== 429)) {
        return;
      }
    }
    await pause(POLL_MS, signal);
    await visible(signal);
  }
}

async function stream(entry) {
  const pausing = new AbortController();
  const hide = () => document.hidden && pausing.abort();
  document.addEventListener('visibilitychange', hide);
  streams += 1;
  try {
    for await (const { name, details } of api.progressEvents(entry.backup, AbortSignal.any([entry.abort.signal, pausing.signal]))) {
      tell(entry, details, name === 'end');
      if (name === 'end') {
        return true;
      }
    }
    return false;
  } finally {
    streams -= 1;
    document.removeEventListener('visibilitychange', hide);
  }
}

async function poll(entry) {
  const details = await api.progress(entry.backup, entry.abort.signal);
  const ended = Boolean(details.finished_at);
  tell(entry, details, ended);
  return ended;
}

function tell(entry, details, ended) {
  entry.last = { details, figures: figuresOf(details), ended };
  for (const listener of [...entry.listeners]) {
    listener(entry.last);
  }
}

/** Returns the operation's bytes, rate, remaining time, duration, and the seconds without data. */
function figuresOf(details) {
  const moving = details.finished_at ? [] : (details.tasks ?? []).filter((task) => idleSeconds(task) !== null);
  const started = instant(details.started_at);
  const finished = instant(details.finished_at);
  return {
    total: details.bytes_total ?? 0,
    done: details.bytes_done ?? 0,
    rate: details.bytes_per_second ?? null,
    eta: details.eta_seconds ?? null,
    elapsed: started ? ((finished?.getTime() ?? serverNow()) - started) / 1000 : null,
    idle: moving.length > 0 ? Math.min(...moving.map(idleSeconds)) : null,
  };
}

/** Returns for how many seconds a running task has processed no data; null for a task that runs not, or moves no data. */
export function idleSeconds(task) {
  const last = instant(task.last_data_at ?? task.started_at);
  return task.state === 'RUNNING' && task.bytes_total > 0 && task.bytes_done < task.bytes_total && last ? Math.max(0, (serverNow() - last) / 1000) : null;
}

function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}

function visible(signal) {
  return new Promise((resolve) => {
    if (!document.hidden || signal.aborted) {
      resolve();
      return;
    }
    const done = () => { document.removeEventListener('visibilitychange', done); resolve(); };
    document.addEventListener('visibilitychange', done);
    signal.addEventListener('abort', done, { once: true });
  });
}

/** Calls `work` now, and again `delay()` milliseconds after it ended, except while the page is hidden. Returns `{now, stop}`. */
export function repeat(work, delay) {
  const abort = new AbortController();
  let timer = null;
  let running = null;
  const turn = async () => {
    clearTimeout(timer);
    await visible(abort.signal);
    if (!abort.signal.aborted) {
      running = work(abort.signal);
      await running;
      running = null;
      if (!abort.signal.aborted) {
        timer = setTimeout(turn, delay());
      }
    }
  };
  turn();
  return {
    async now() {
      if (running) {
        await running;
      }
      if (!abort.signal.aborted) {
        await turn();
      }
    },
    stop() {
      clearTimeout(timer);
      abort.abort();
    },
  };
}
