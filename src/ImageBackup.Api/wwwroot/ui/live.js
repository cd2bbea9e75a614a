// Live progress of the shown operation, and what is loaded again and again.
import { api } from './api.js';
import { ApiError, serverNow } from './http.js';
import { instant } from './format.js';

const RETRY_MS = 2000;

/**
 * Calls `listener({details, figures, ended})` at every change of the backup's operation until the returned function is called.
 * While the page is hidden, it sends no requests.
 */
export function watch(backup, listener) {
  const abort = new AbortController();
  follow(backup, listener, abort.signal);
  return () => abort.abort();
}

async function follow(backup, listener, signal) {
  while (!signal.aborted) {
    try {
      if (await stream(backup, listener, signal)) {
        return;
      }
    } catch (error) {
      if (signal.aborted || (error instanceof ApiError && error.status < 500 && error.status !== 429)) {
        return;
      }
    }
    await pause(RETRY_MS, signal);
    await visible(signal);
  }
}

async function stream(backup, listener, signal) {
  const pausing = new AbortController();
  const hide = () => document.hidden && pausing.abort();
  document.addEventListener('visibilitychange', hide);
  try {
    for await (const { name, details } of api.progressEvents(backup, AbortSignal.any([signal, pausing.signal]))) {
      listener({ details, figures: figuresOf(details), ended: name === 'end' });
      if (name === 'end') {
        return true;
      }
    }
    return false;
  } finally {
    document.removeEventListener('visibilitychange', hide);
  }
}

/** Returns the operation's bytes, rate, remaining time, duration, and the seconds without data. */
function figuresOf(details) {
  const moving = details.finished_at ? [] : (details.tasks ?? []).filter((task) => idleSeconds(task) !== null);
  const started = instant(details.started_at);
  const finished = instant(details.finished_at);
  return {
    ...operationFigures(details),
    elapsed: started ? ((finished?.getTime() ?? serverNow()) - started) / 1000 : null,
    idle: moving.length > 0 ? Math.min(...moving.map(idleSeconds)) : null,
  };
}

/** Returns the figures of an operation in the event stream. */
export function operationFigures(operation) {
  return {
    total: operation.bytes_total ?? 0,
    done: operation.bytes_done ?? 0,
    rate: operation.bytes_per_second ?? null,
    eta: operation.eta_seconds ?? null,
    idle: idleSeconds({ ...operation, state: 'RUNNING' }),
  };
}

/** Returns for how many seconds a running task has processed no data; null for a task that does not run or moves no data, and where that is not known. */
export function idleSeconds(task) {
  const last = instant(task.last_data_at);
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

/**
 * Calls `work` now, and again `delay()` milliseconds after it ended, except while the page is hidden. Returns `{now, stop}`.
 * Any number of calls of `now` while the page is hidden become one, and while `work` runs, one more.
 */
export function repeat(work, delay) {
  const abort = new AbortController();
  let timer = null;
  let turn = null;
  let isWorking = false;
  let again = false;
  const run = async () => {
    clearTimeout(timer);
    await visible(abort.signal);
    isWorking = true;
    try {
      do {
        again = false;
        if (!abort.signal.aborted) {
          await work(abort.signal);
        }
      } while (again);
    } finally {
      isWorking = false;
    }
    if (!abort.signal.aborted) {
      timer = setTimeout(begin, delay());
    }
  };
  const begin = () => {
    turn ??= run().finally(() => { turn = null; });
    return turn;
  };
  begin();
  return {
    now() {
      again = isWorking;
      return begin();
    },
    stop() {
      clearTimeout(timer);
      abort.abort();
    },
  };
}
