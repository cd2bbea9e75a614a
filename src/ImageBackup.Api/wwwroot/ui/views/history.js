// The operations on an image backup, newest first, and when its archive was last verified.
import { api } from '../api.js';
import { fill, h } from '../dom.js';
import { actionWord, duration, instant } from '../format.js';
import { ageTag } from '../parts.js';
import { texts } from '../texts.js';

const words = texts.history;
const TONES = { succeeded: 'good', running: 'busy', queued: 'busy', failed: 'bad' };

/** @param knownReason returns the reason that the page shows elsewhere, so that the history does not repeat it */
export function historyPart(id, knownReason) {
  const verified = h('p', { class: 'muted' });
  const rows = h('tbody', {});
  return {
    element: h('section', { 'aria-labelledby': 'history-title' },
      h('h2', { id: 'history-title' }, words.title),
      verified,
      h('div', { class: 'table-wrap', tabindex: '0', role: 'region', 'aria-label': words.table },
        h('table', {}, h('thead', {}, h('tr', {}, words.columns.map((text) => h('th', { scope: 'col' }, text)))), rows))),
    show(backup) {
      fill(verified, `${words.verified}: `, backup.verified_at ? ageTag(backup.verified_at) : words.never);
    },
    async load() {
      const { items } = await api.operations(id).catch(() => ({ items: [] }));
      fill(rows, items.map((operation) => row(operation, knownReason())));
    },
  };
}

function row(operation, knownReason) {
  const [started, finished] = [instant(operation.started_at), instant(operation.finished_at)];
  return h('tr', {},
    h('td', {}, actionWord(operation.action)),
    h('td', {}, h('span', { class: 'badge', 'data-tone': TONES[operation.state] }, words.states[operation.state])),
    h('td', {}, ageTag(operation.created_at)),
    h('td', {}, started && finished ? duration((finished - started) / 1000) : '–'),
    h('td', { class: 'history-reason' }, operation.fail_reason === knownReason ? '' : operation.fail_reason ?? ''));
}
