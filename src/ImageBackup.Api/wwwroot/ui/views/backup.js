// One image backup: its facts, its operations, and its last operation task by task.
import { api } from '../api.js';
import { commandPart } from '../commands.js';
import { copyButton, fill, h, icon, setText } from '../dom.js';
import { actionWord, bytes, duration, instant, isTransient, localTime, ratio, times, volumeBytes } from '../format.js';
import { repeat, watch } from '../live.js';
import { operationsFor } from '../operations.js';
import { announceChange, bar, failedState, figureLine, loadingRows, stateBadge } from '../parts.js';
import { timeline } from '../timeline.js';

export function backupView(root, shell, id) {
  const title = h('h1', { tabindex: '-1' }, `Image backup ${id}`);
  const badge = h('span', {});
  const note = h('p', { class: 'muted' });
  const actions = h('div', { class: 'actions' });
  const problem = h('div', { class: 'problem', role: 'alert', hidden: true });
  const body = h('div', {}, loadingRows());
  const facts = h('dl', { class: 'facts' });
  const volumes = h('div', {});
  const operation = operationPart(() => last?.fail_reason);
  const commands = commandPart();
  let last = null;
  let stopWatching = () => {};
  const timer = repeat(refresh, () => (last && isTransient(last.status) ? 3000 : 10_000));

  fill(root,
    h('p', { class: 'crumb' }, h('a', { href: '#/backups' }, icon('back'), 'All image backups')),
    h('div', { class: 'view-head' }, h('div', {}, h('div', { class: 'title-line' }, title, badge), note), actions),
    problem, body);

  async function refresh(signal) {
    try {
      const backup = await api.backup(id, signal);
      shell.online();
      show(backup);
    } catch (error) {
      if (!signal.aborted) {
        fail(error);
      }
    }
  }

  function show(backup) {
    const before = last;
    last = backup;
    announceChange(before, backup);
    if (before?.task_id !== backup.task_id) {
      follow(backup);
    }
    setText(title, backup.name);
    document.title = `${backup.name} · Image Backup`;
    setText(note, backup.description ?? '');
    if (before?.status !== backup.status || before?.fail_reason !== backup.fail_reason) {
      fill(badge, stateBadge(backup.status));
      showActions(backup);
    }
    problem.hidden = !backup.fail_reason;
    if (backup.fail_reason && problem.textContent !== backup.fail_reason) {
      fill(problem, h('p', {}, backup.fail_reason));
    }
    if (JSON.stringify(before) !== JSON.stringify(backup)) {
      fill(facts, factList(backup));
      fill(volumes, volumeTable(backup));
      commands.show(backup);
    }
    if (!before) {
      fill(body, operation.element, h('section', { 'aria-labelledby': 'facts-title' }, h('h2', { id: 'facts-title' }, 'Facts'), facts, volumes), commands.element);
    }
  }

  function showActions(backup) {
    const hadFocus = actions.contains(document.activeElement);
    fill(actions, operationsFor(backup).map(({ text, run, danger }, index) => h('button', {
      type: 'button',
      class: danger ? 'button danger-quiet' : index === 0 ? 'button primary' : 'button',
      onclick: run,
    }, text)));
    if (hadFocus) {
      title.focus();
    }
  }

  function follow(backup) {
    stopWatching();
    stopWatching = () => {};
    operation.element.hidden = !backup.task_id;
    if (backup.task_id) {
      stopWatching = watch(backup, (event) => {
        operation.show(event);
        if (event.ended && isTransient(last.status)) {
          timer.now();
        }
      });
    }
  }

  function fail(error) {
    if (last && error.status === 404) {
      location.hash = '#/backups';
    } else if (last && !error.status) {
      shell.offline(() => timer.now());
    } else {
      last = null;
      fill(actions);
      fill(body, failedState(error, () => { fill(body, loadingRows()); timer.now(); }));
    }
  }

  const changed = () => timer.now();
  window.addEventListener('imagebackup:changed', changed);
  return () => {
    window.removeEventListener('imagebackup:changed', changed);
    timer.stop();
    stopWatching();
  };
}

/** @param knownReason returns the reason that is shown above the operation */
function operationPart(knownReason) {
  const title = h('h2', { id: 'operation-title' }, 'Last operation');
  const progress = bar('Progress of the operation');
  const percent = h('span', { class: 'percent' });
  const line = h('span', { class: 'muted' });
  const flows = h('span', { class: 'flows' });
  const tasks = timeline(knownReason);
  return {
    element: h('section', { 'aria-labelledby': 'operation-title', class: 'panel' },
      h('div', { class: 'card-head' }, title, percent),
      progress,
      h('div', { class: 'card-figures small' }, line, flows),
      tasks.element),
    show({ details, figures }) {
      const ended = instant(details.finished_at);
      setText(title, `${actionWord(details.action)}${ended ? '' : details.started_at ? ', running' : ', queued'}`);
      progress.show(details.progress);
      progress.toggleAttribute('data-failed', ended !== null && details.progress < 100);
      setText(percent, `${details.progress} %`);
      setText(line, ended ? endedLine(ended, figures) : figureLine(figures));
      setText(flows, Object.entries(details.flow_details ?? {}).map(([name, state]) => `${name} ${state}`).join(' · '));
      tasks.update(details);
    },
  };
}

function endedLine(ended, figures) {
  return [
    `Ended ${localTime(ended)}`,
    figures.elapsed === null ? '' : `took ${duration(figures.elapsed)}`,
    figures.done > 0 ? `${bytes(figures.done)} processed` : '',
  ].filter(Boolean).join(' · ');
}

function factList(backup) {
  const factor = ratio(backup);
  return [
    fact('Volumes', bytes(volumeBytes(backup))),
    fact('Archive', backup.ova_size ? bytes(backup.ova_size) : null),
    fact('Compression ratio', factor === null ? null : times(factor)),
    fact('Compression', compressionText(backup)),
    fact('Backup node', backup.backup_host),
    fact('Bucket', backup.cos_bucket),
    codeFact('File', backup.ova_name),
    fact('Image in the archive', backup.image_name),
    fact('Operating system', [backup.os_type, backup.architecture].filter(Boolean).join(', ')),
    codeFact('Exported from image', backup.src_image_id),
    codeFact('Imported as image', backup.image_id),
    codeFact('Task id', backup.task_id),
    fact('Created', localTime(instant(backup.created_at))),
    fact('Changed', localTime(instant(backup.updated_at))),
    codeFact('SHA-256', backup.ova_sha256, true),
    codeFact('SHA-256 of the manifest', backup.manifest_sha256, true),
  ];
}

function fact(name, value) {
  return h('div', { class: 'fact' }, h('dt', {}, name), h('dd', {}, value || '–'));
}

function codeFact(name, value, isWide = false) {
  return h('div', { class: isWide ? 'fact wide' : 'fact' }, h('dt', {}, name),
    h('dd', {}, value ? [h('code', {}, value), copyButton(value, `Copy: ${name}`)] : '–'));
}

function compressionText(backup) {
  const words = { True: 'gzip', Fast: 'fast', False: 'none' };
  const asked = words[backup.compression] ?? backup.compression;
  const done = words[backup.effective_compression] ?? backup.effective_compression;
  return done && asked && done !== asked ? `${done} (requested: ${asked})` : done ?? asked;
}

function volumeTable({ volumes }) {
  return volumes?.length > 0
    ? h('div', { class: 'table-wrap', tabindex: '0', role: 'region', 'aria-label': 'Volumes in the archive' },
      h('table', {}, h('caption', {}, 'Volumes in the archive'),
        h('thead', {}, h('tr', {}, ['Member', 'Volume', 'Stored', 'Boot order'].map((text) => h('th', { scope: 'col' }, text)))),
        h('tbody', {}, volumes.map((volume) => h('tr', {},
          h('td', {}, h('code', {}, volume.name)),
          h('td', {}, bytes(volume.capacity)),
          h('td', {}, bytes(volume.stored_size)),
          h('td', {}, `${volume.boot_index}`))))))
    : null;
}
