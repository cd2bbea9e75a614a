// The processes of the service, for administrators: which nodes each works for, and which operations it runs.
import { api } from '../api.js';
import { fill, h } from '../dom.js';
import { feed } from '../feed.js';
import { actionWord } from '../format.js';
import { repeat } from '../live.js';
import { ageTag } from '../parts.js';
import { session } from '../session.js';
import { texts } from '../texts.js';

const REFRESH_MS = 10_000;
const words = texts.processes;

/** Returns a part that refreshes itself until `stop`. It stays hidden from those who may not see processes. */
export function processesPart() {
  const list = h('ul', { class: 'processes', 'aria-labelledby': 'processes-title' });
  const element = h('section', { class: 'panel', 'aria-labelledby': 'processes-title', hidden: true },
    h('div', { class: 'card-head' }, h('h2', { id: 'processes-title' }, words.title), h('span', { class: 'muted small' }, words.intro)),
    list);
  if (!session.may('admin')) {
    return { element, stop() {} };
  }

  let last = '';
  const timer = repeat(async (signal) => {
    const services = await api.services(signal).catch(() => []);
    const now = JSON.stringify(services);
    if (now !== last && services.length > 0) {
      last = now;
      element.hidden = false;
      fill(list, services.map(processRow));
    }
  }, () => REFRESH_MS);
  let ids = null;
  const stop = feed.onOperations(({ operations }) => {
    const now = operations.map(({ task_id: id, queued }) => `${id} ${queued}`).join();
    if (ids !== null && now !== ids) {
      timer.now();
    }
    ids = now;
  });
  return {
    element,
    stop() {
      stop();
      timer.stop();
    },
  };
}

function processRow(service) {
  const isWorker = service.binary === 'cinder-backup';
  return h('li', { class: 'process' },
    h('span', {}, h('strong', { class: 'break' }, service.host), h('span', { class: 'muted small block' }, words.version(service.version))),
    h('span', {},
      h('span', { class: 'badge', 'data-tone': service.state === 'up' ? 'good' : 'bad' }, texts.health[service.state]),
      service.status === 'disabled' ? h('span', { class: 'badge', 'data-tone': 'warn' }, words.disabled) : null,
      service.state === 'up' ? null : h('span', { class: 'muted small block' }, words.reported, ' ', ageTag(service.updated_at)),
      service.disabled_reason ? h('span', { class: 'small block break' }, service.disabled_reason) : null),
    h('span', { class: 'break' }, isWorker ? words.nodes(service.nodes) : words.requestsOnly),
    isWorker ? operationsOf(service) : null);
}

function operationsOf({ operations, running_count: count }) {
  const others = count - operations.length;
  return h('span', {},
    operations.map((operation) => h('a', { class: 'block', href: `#/backups/${operation.backup_id}` }, words.operation(actionWord(operation.action), operation.backup_id))),
    others > 0 ? h('span', { class: 'muted small block' }, words.others(others)) : null,
    count === 0 ? h('span', { class: 'muted' }, words.idle) : null);
}
