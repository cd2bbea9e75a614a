// The tasks of an operation, each with a bar of its bytes.
import { h, setText } from './dom.js';
import { bytes, duration, instant, localTime, rate, taskWord } from './format.js';
import { taskFigures, taskTone } from './parts.js';
import { texts } from './texts.js';

/** @param knownReason returns the reason that the page shows elsewhere, so that no task repeats it */
export function timeline(knownReason = () => null) {
  const list = h('ol', { class: 'timeline' });
  const rows = new Map();
  return {
    element: list,
    update(details) {
      const tasks = details.tasks ?? [];
      const names = tasks.map((task) => task.name).join('\n');
      if (names !== list.names) {
        // The operation changed, or its plan grew: an import learns its volumes from the archive.
        list.names = names;
        for (const [name, row] of rows) {
          if (!tasks.some((task) => task.name === name)) {
            row.element.remove();
            rows.delete(name);
          }
        }
        for (const task of tasks) {
          const row = rows.get(task.name) ?? makeRow(task);
          rows.set(task.name, row);
          list.append(row.element);
        }
      }
      for (const task of tasks) {
        rows.get(task.name).update(task, Boolean(details.finished_at), knownReason());
      }
    },
  };
}

function makeRow(task) {
  const state = h('span', { class: 'task-state' });
  const span = h('span', { class: 'track-span' });
  const figures = h('span', { class: 'task-figures' });
  const reason = h('p', { class: 'task-reason', hidden: true });
  const element = h('li', { class: 'task' },
    h('div', { class: 'task-head' }, h('span', { class: 'task-word' }, taskWord(task.name)), h('code', { class: 'task-wire' }, task.name)),
    h('div', { class: 'track', 'aria-hidden': 'true' }, span),
    h('div', { class: 'task-line' }, state, figures),
    reason);
  return {
    element,
    update(now, isOver, knownReason) {
      const failed = isCulprit(now);
      element.dataset.tone = failed ? 'bad' : taskTone(now.state);
      element.dataset.state = now.state;
      setText(state, failed ? texts.tasks.failed : isOver && now.state === 'PENDING' ? texts.tasks.notRun : texts.tasks.states[now.state] ?? now.state);
      // The Content-Security-Policy allows styles set by script, not by markup.
      span.style.width = `${fraction(now) * 100}%`;
      const begun = instant(now.started_at);
      const ended = instant(now.finished_at);
      element.title = begun ? `${localTime(begun)} – ${ended ? localTime(ended) : texts.tasks.now}` : '';
      setText(figures, figuresText(now, begun, ended));
      const own = now.fail_reason === knownReason ? '' : now.fail_reason ?? '';
      reason.hidden = !own;
      setText(reason, own);
    },
  };
}

/** The task that made the operation fail: it has the reason, and was undone like the others. */
function isCulprit(task) {
  return Boolean(task.fail_reason) && (task.state === 'REVERTED' || task.state === 'REVERTING');
}

/** 0 to 1, by bytes; a task without bytes is done or not. */
function fraction(task) {
  return task.state === 'SUCCESS' ? 1
    : task.bytes_total > 0 ? Math.min(1, task.bytes_done / task.bytes_total)
      : task.state === 'PENDING' || task.state === 'RUNNING' ? 0 : 1;
}

function figuresText(task, begun, ended) {
  const figures = task.state === 'RUNNING' ? taskFigures(task)
    : [
      task.bytes_total > 0 ? (task.state === 'SUCCESS' || task.bytes_done === 0 ? bytes(task.bytes_total) : texts.figures.amount(bytes(task.bytes_done), bytes(task.bytes_total))) : '',
      begun && ended ? duration((ended - begun) / 1000) : '',
      rate(task.bytes_per_second),
    ].filter(Boolean).join(' · ');
  return [figures, task.attempt > 1 ? texts.figures.attempt(task.attempt) : ''].filter(Boolean).join(' · ');
}
