// The tasks of an operation on a time axis.
import { h, setText } from './dom.js';
import { bytes, duration, instant, localTime, rate, taskWord } from './format.js';
import { taskTone } from './parts.js';

const STATE_WORDS = {
  PENDING: 'waiting', RUNNING: 'running', SUCCESS: 'done', FAILURE: 'failed',
  REVERTING: 'being undone', REVERTED: 'undone', REVERT_FAILURE: 'could not be undone',
};

export function timeline() {
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
      const scale = scaleOf(details, tasks);
      for (const task of tasks) {
        rows.get(task.name).update(task, scale);
      }
    },
  };
}

function scaleOf(details, tasks) {
  const starts = tasks.map((task) => instant(task.started_at)?.getTime()).filter(Boolean);
  const ends = tasks.map((task) => instant(task.finished_at)?.getTime()).filter(Boolean);
  const start = Math.min(...starts, instant(details.started_at)?.getTime() ?? Infinity);
  const end = instant(details.finished_at)?.getTime() ?? Math.max(Date.now(), ...ends);
  return { start, end, span: Math.max(1, end - start), isOver: Boolean(details.finished_at) };
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
    update(now, scale) {
      element.dataset.tone = taskTone(now.state);
      setText(state, scale.isOver && now.state === 'PENDING' ? 'not run' : STATE_WORDS[now.state] ?? now.state);
      const begun = instant(now.started_at);
      const ended = instant(now.finished_at);
      const stop = ended?.getTime() ?? (begun && now.state !== 'PENDING' ? scale.end : null);
      span.hidden = !begun;
      if (begun) {
        // The Content-Security-Policy allows styles set by script, not by markup.
        span.style.left = `${Math.min(99.5, ((begun - scale.start) / scale.span) * 100)}%`;
        span.style.width = `${Math.max(0.5, ((stop - begun) / scale.span) * 100)}%`;
        element.title = `${localTime(begun)} – ${ended ? localTime(ended) : 'now'}`;
      }
      setText(figures, figuresText(now, begun, stop));
      reason.hidden = !now.fail_reason;
      setText(reason, now.fail_reason ?? '');
    },
  };
}

function figuresText(task, begun, stop) {
  const amount = task.bytes_total > 0
    ? task.state === 'SUCCESS' ? bytes(task.bytes_total) : task.bytes_done > 0 ? `${bytes(task.bytes_done)} of ${bytes(task.bytes_total)}` : bytes(task.bytes_total)
    : '';
  return [
    amount,
    begun ? duration((stop - begun) / 1000) : '',
    rate(task.bytes_per_second),
    task.eta_seconds === null || task.eta_seconds === undefined ? '' : `${duration(task.eta_seconds)} left`,
    task.attempt > 1 ? `attempt ${task.attempt}` : '',
  ].filter(Boolean).join(' · ');
}
