// Parts that several views share: statuses, bars, tasks, empty and failed lists.
import { fill, h, icon, setText } from './dom.js';
import { age, bytes, duration, instant, localTime, rate, stateTone, stateWord } from './format.js';
import { idleSeconds } from './live.js';
import { texts } from './texts.js';

/** A status in words with its color. */
export function stateBadge(status) {
  const badge = h('span', { class: 'badge' });
  badge.update = (value) => {
    badge.dataset.tone = stateTone(value);
    setText(badge, stateWord(value));
  };
  badge.update(status);
  return badge;
}

/** A time as its age; the title has the full time. */
export function ageTag(text) {
  const date = instant(text);
  return date
    ? h('time', { datetime: date.toISOString(), title: localTime(date), class: 'nowrap' }, age(date))
    : h('span', {}, '–');
}

/** A bar with its name for screen readers. */
export function bar(label) {
  const element = h('progress', { max: 100, value: 0, 'aria-label': label });
  element.show = (percent) => {
    element.value = Math.max(0, Math.min(100, percent));
  };
  return element;
}

/** From these seconds without data on, the rate and the remaining time say nothing. */
const IDLE_S = 10;

/** "1.2 GiB of 3 GiB · 180 MiB/s · 12 s left", or "1.2 GiB of 3 GiB · no data for 26 min". */
export function figureLine({ total, done, rate: speed, eta, idle }) {
  return [
    total > 0 ? texts.figures.amount(bytes(done), bytes(total)) : '',
    ...idle >= IDLE_S ? [texts.figures.noData(duration(idle))] : [rate(speed), eta === null || eta === undefined ? '' : texts.figures.left(duration(Math.max(1, eta)))],
  ].filter(Boolean).join(' · ');
}

/** The same for one task. */
export function taskFigures(task) {
  return figureLine({ total: task.bytes_total, done: task.bytes_done, rate: task.bytes_per_second, eta: task.eta_seconds, idle: idleSeconds(task) });
}

const TONES = { SUCCESS: 'good', RUNNING: 'busy', PENDING: 'idle', REVERTING: 'warn', REVERTED: 'warn', FAILURE: 'bad', REVERT_FAILURE: 'bad' };

export function taskTone(state) {
  return TONES[state] ?? 'idle';
}

/** Shown in place of an empty list. */
export function emptyState(title, text, ...actions) {
  return h('div', { class: 'empty' }, icon('empty', 'empty-picture'), h('h2', {}, title), h('p', {}, text), actions.length ? h('div', { class: 'actions' }, actions) : null);
}

/** Shown in place of a list that could not be loaded: the API's message and a button to try again. */
export function failedState(error, again) {
  return h('div', { class: 'problem', role: 'alert' },
    h('h2', {}, error.status >= 500 ? texts.problems.failed(error.status) : error.status ? texts.problems.refused(error.status) : texts.problems.offline),
    h('p', {}, error.message),
    error.requestId ? h('p', { class: 'muted small' }, `${texts.problems.request} `, h('code', {}, error.requestId)) : null,
    h('button', { type: 'button', class: 'button', onclick: again }, texts.page.again));
}

/** Gray placeholder rows while a list loads. */
export function loadingRows(count = 3) {
  return h('div', { class: 'skeleton', role: 'status' },
    h('span', { class: 'visually-hidden' }, texts.page.loading),
    Array.from({ length: count }, () => h('div', { class: 'skeleton-row', 'aria-hidden': 'true' })));
}

/** The head of a view: a heading that takes the focus when the view opens, a sentence, buttons. */
export function viewHead(title, text, ...actions) {
  return h('div', { class: 'view-head' },
    h('div', {}, h('h1', { tabindex: '-1' }, title), text ? h('p', { class: 'muted' }, text) : null),
    actions.length ? h('div', { class: 'actions' }, actions) : null);
}

/** A menu behind a button. It is a disclosure, so the keys work as in any list of buttons. */
export function menu(label) {
  const list = h('div', { class: 'menu-list' });
  const details = h('details', { class: 'menu' }, h('summary', { 'aria-label': label, title: label }, icon('dots')), list);
  details.show = (items) => fill(list, items.map(({ text, run, danger }) => h('button', {
    type: 'button',
    class: danger ? 'menu-item danger' : 'menu-item',
    onclick: () => {
      details.open = false;
      details.querySelector('summary').focus();
      run();
    },
  }, text)));
  return details;
}

document.addEventListener('click', (event) => closeMenus(event.target));
document.addEventListener('focusin', (event) => closeMenus(event.target));
document.addEventListener('keydown', (event) => {
  const open = event.key === 'Escape' ? document.querySelector('details.menu[open]') : null;
  if (open) {
    open.open = false;
    open.querySelector('summary').focus();
  }
});

function closeMenus(target) {
  for (const open of document.querySelectorAll('details.menu[open]')) {
    if (!open.contains(target)) {
      open.open = false;
    }
  }
}
