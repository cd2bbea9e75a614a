// The operations that run or wait, as compact rows: the first three, then a count.
import { h, reconcile, setText } from '../dom.js';
import { askToNotify, feed, mayAskToNotify } from '../feed.js';
import { actionWord } from '../format.js';
import { operationFigures } from '../live.js';
import { bar, figureLine } from '../parts.js';
import { texts } from '../texts.js';

const FEW = 3;

export function runningPart() {
  let isOpen = false;
  const list = h('ul', { class: 'runs', 'aria-label': texts.running.title });
  const count = h('span', { class: 'muted small' });
  const more = h('button', { type: 'button', class: 'button small-button', onclick: () => { isOpen = !isOpen; show(feed.operations); } });
  const notify = h('button', { type: 'button', class: 'button small-button', onclick: async () => { await askToNotify(); notify.hidden = !mayAskToNotify(); } }, texts.notices.ask);
  const element = h('section', { 'aria-labelledby': 'running-title', class: 'panel running', hidden: true },
    h('div', { class: 'card-head' }, h('h2', { id: 'running-title' }, texts.running.title), h('span', { class: 'run-actions' }, count, notify)),
    list, more);

  function show(now) {
    element.hidden = now.operations.length === 0;
    notify.hidden = !mayAskToNotify();
    setText(count, texts.running.count(now.running_count, now.queued_count));
    const all = now.operations.length;
    more.hidden = all <= FEW;
    more.setAttribute('aria-expanded', `${isOpen}`);
    setText(more, isOpen ? texts.running.fewer : texts.running.more(all - FEW));
    reconcile(list, isOpen ? now.operations : now.operations.slice(0, FEW), (operation) => operation.task_id, runRow);
  }

  return { element, stop: feed.onOperations(show) };
}

function runRow(first) {
  const name = h('a', { href: `#/backups/${first.backup_id}`, class: 'run-name' });
  const what = h('span', { class: 'muted run-action' });
  const progress = bar(texts.tasks.progress(first.name));
  const percent = h('span', { class: 'percent' });
  const figures = h('span', { class: 'muted run-figures' });
  return {
    element: h('li', { class: 'run' }, h('span', { class: 'run-head' }, name, ' ', what), progress, percent, figures),
    update(operation) {
      setText(name, operation.name);
      setText(what, actionWord(operation.action));
      progress.show(operation.progress);
      setText(percent, operation.queued ? '' : `${operation.progress} %`);
      setText(figures, operation.queued ? texts.running.queued : figureLine(operationFigures(operation)));
    },
  };
}
