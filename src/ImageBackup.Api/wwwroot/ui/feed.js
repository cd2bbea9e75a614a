// What happens in the project: one event stream for all parts of the page.
import { api } from './api.js';
import { OfflineError } from './http.js';
import { announce, toast } from './dom.js';
import { isTransient, stateWord } from './format.js';
import { texts } from './texts.js';

/** Without an event for this time, the connection is broken. The service repeats its last event after 15 seconds. */
const SILENCE_MS = 40_000;
const RETRY_MS = 5000;
/** The service refuses the stream. */
const REFUSED_RETRY_MS = 60_000;
/** More changes than these at a time get one notice. */
const MOST_NOTICES = 3;
const NONE = { running_count: 0, queued_count: 0, operations: [] };

const listeners = new Set();
let stream = null;
let present = NONE;

export const feed = {
  /** True while the stream tells every change, so that nothing has to be polled. */
  get isLive() {
    return Boolean(stream?.isOpen);
  },

  /** The operations that run or wait. */
  get operations() {
    return present;
  },

  /** Calls `listener(operations)` now and after each change, until the returned function is called. */
  onOperations(listener) {
    listeners.add(listener);
    listener(present);
    return () => listeners.delete(listener);
  },

  /** Listens to the session's project. `whenOffline(again)` and `whenOnline()` tell whether the service answers. */
  start(whenOffline, whenOnline) {
    feed.stop();
    stream = { abort: new AbortController(), isOpen: false };
    follow(stream, whenOffline, whenOnline);
  },

  stop() {
    stream?.abort.abort();
    stream = null;
    show(NONE);
  },
};

async function follow(own, whenOffline, whenOnline) {
  while (own === stream) {
    const connection = new AbortController();
    const begun = Date.now();
    let wait = RETRY_MS;
    let silence = null;
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(() => connection.abort(), SILENCE_MS);
    };
    const lost = () => connection.abort();
    window.addEventListener('offline', lost);
    let wake = () => {};
    try {
      heard();
      for await (const event of api.events(AbortSignal.any([own.abort.signal, connection.signal]))) {
        heard();
        if (!own.isOpen) {
          own.isOpen = true;
          whenOnline();
          refresh();
        }
        take(event);
      }
      // The service ends each stream after some minutes.
      wait = Math.max(0, RETRY_MS - (Date.now() - begun));
    } catch (error) {
      if (own === stream && (error instanceof OfflineError || error.name === 'AbortError' || !error.status)) {
        whenOffline(() => wake());
      } else if (own === stream) {
        // The last operations are no longer known.
        show(NONE);
        wait = error.status < 500 && error.status !== 429 ? REFUSED_RETRY_MS : RETRY_MS;
      }
    } finally {
      clearTimeout(silence);
      window.removeEventListener('offline', lost);
      own.isOpen = false;
    }
    await new Promise((resolve) => {
      wake = resolve;
      setTimeout(resolve, wait);
    });
  }
}

function take({ name, data }) {
  if (name === 'operations') {
    show(data);
  } else if (name === 'changed') {
    notify(data.changed.filter(isEnd));
    refresh();
  }
}

function show(operations) {
  present = operations;
  for (const listener of [...listeners]) {
    listener(present);
  }
}

/** The views load their lists again. */
function refresh() {
  window.dispatchEvent(new CustomEvent('imagebackup:changed'));
}

function isEnd({ status }) {
  return status === null || !isTransient(status);
}

function notify(ended) {
  if (ended.length > MOST_NOTICES) {
    tell(texts.notices.many(ended.length), false);
    return;
  }
  for (const { backup_id: id, name: known, status, fail_reason: reason } of ended) {
    const name = known ?? texts.backup.title(id);
    const text = status === null ? texts.notices.deleted(name) : texts.notices.ended(name, stateWord(status));
    tell(text, Boolean(reason));
  }
}

function tell(text, isFailure) {
  toast(text, isFailure ? 'error' : 'info');
  if (document.hidden && canNotify()) {
    new Notification(texts.page.title, { body: text, icon: 'icons.svg' });
  }
}

function canNotify() {
  return 'Notification' in window && Notification.permission === 'granted';
}

/** True if the browser can show notices outside the page, and has not been asked. */
export function mayAskToNotify() {
  return 'Notification' in window && Notification.permission === 'default';
}

export async function askToNotify() {
  announce(await Notification.requestPermission() === 'granted' ? texts.notices.allowed : texts.notices.refused);
}
