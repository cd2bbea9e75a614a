// One image backup: its facts, its operations, and its last operation task by task.
import { listAddress } from '../address.js';
import { api } from '../api.js';
import { BASE } from '../http.js';
import { requests } from '../requests.js';
import { throughputChart } from '../chart.js';
import { commandPart } from '../commands.js';
import { feed } from '../feed.js';
import { copyButton, fill, h, icon, setText } from '../dom.js';
import { actionWord, bytes, duration, instant, isTransient, localTime, ratio, times, volumeText } from '../format.js';
import { repeat, watch } from '../live.js';
import { operationsFor } from '../operations.js';
import { bar, failedState, figureLine, loadingRows, stateBadge } from '../parts.js';
import { texts } from '../texts.js';
import { timeline } from '../timeline.js';
import { historyPart } from './history.js';

const words = texts.backup;

export function backupView(root, shell, id) {
  const title = h('h1', { tabindex: '-1' }, words.title(id));
  const badge = h('span', {});
  const note = h('p', { class: 'muted' });
  const actions = h('div', { class: 'actions' });
  const problem = h('div', { class: 'problem', role: 'alert', hidden: true });
  const body = h('div', {}, loadingRows());
  const facts = h('dl', { class: 'facts' });
  const volumes = h('div', {});
  const operation = operationPart(() => last?.fail_reason);
  const commands = commandPart();
  const history = historyPart(id, () => last?.fail_reason);
  let last = null;
  let action = 'export';
  let stopWatching = () => {};
  const timer = repeat(refresh, () => (feed.isLive ? 60_000 : 5000));

  fill(root,
    h('p', { class: 'crumb' }, h('a', { href: listAddress('backups') }, icon('back'), words.all)),
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
    if (before?.task_id !== backup.task_id) {
      follow(backup);
    }
    if (before?.task_id !== backup.task_id || before?.status !== backup.status) {
      history.load();
    }
    setText(title, backup.name);
    shell.name(backup.name, backup.id);
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
      fill(facts, factList(backup, action));
      fill(volumes, volumeTable(backup));
      commands.show(backup);
      history.show(backup);
    }
    if (!before) {
      fill(body, operation.element, h('section', { 'aria-labelledby': 'facts-title' }, h('h2', { id: 'facts-title' }, words.facts), facts, volumes), history.element, commands.element);
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
    operation.begin();
    if (backup.task_id) {
      stopWatching = watch(backup, (event) => {
        operation.show(event);
        if (action !== event.details.action) {
          action = event.details.action;
          fill(facts, factList(last, action));
        }
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
  const title = h('h2', { id: 'operation-title' }, words.operation);
  const progress = bar(words.progress);
  const percent = h('span', { class: 'percent' });
  const line = h('span', { class: 'muted' });
  const flows = h('span', { class: 'flows' });
  const tasks = timeline(knownReason);
  const chart = throughputChart();
  return {
    element: h('section', { 'aria-labelledby': 'operation-title', class: 'panel' },
      h('div', { class: 'card-head' }, title, percent),
      progress,
      h('div', { class: 'card-figures small' }, line, flows),
      chart.element,
      tasks.element),
    begin: () => chart.clear(),
    show({ details, figures }) {
      const ended = instant(details.finished_at);
      setText(title, ended ? actionWord(details.action) : (details.started_at ? words.running : words.queued)(actionWord(details.action)));
      progress.show(details.progress);
      progress.toggleAttribute('data-failed', ended !== null && details.progress < 100);
      setText(percent, `${details.progress} %`);
      setText(line, ended ? endedLine(ended, figures) : figureLine(figures));
      setText(flows, Object.entries(details.flow_details ?? {}).map(([name, state]) => `${name} ${state}`).join(' · '));
      tasks.update(details);
      chart.add(ended ? null : figures.rate);
    },
  };
}

function endedLine(ended, figures) {
  return [
    texts.figures.ended(localTime(ended)),
    figures.elapsed === null ? '' : texts.figures.took(duration(figures.elapsed)),
    figures.done > 0 ? texts.figures.processed(bytes(figures.done)) : '',
  ].filter(Boolean).join(' · ');
}

function factList(backup, action) {
  const factor = ratio(backup);
  return [
    fact(words.fact.volumes, volumeText(backup)),
    fact(words.fact.archive, backup.ova_size ? bytes(backup.ova_size) : null),
    fact(words.fact.compressionRatio, factor === null ? null : times(factor)),
    fact(words.fact.compression, compressionText(backup)),
    fact(words.fact.backupNode, backup.backup_host),
    fact(words.fact.bucket, backup.cos_bucket),
    codeFact(words.fact.file, backup.ova_name),
    fact(words.fact.imageInTheArchive, backup.image_name),
    fact(words.fact.operatingSystem, [backup.os_type, backup.architecture].filter(Boolean).join(', ')),
    codeFact(words.fact.exportedFromImage, backup.src_image_id),
    codeFact(words.fact.importedAsImage, backup.image_id),
    codeFact(words.fact.taskId, backup.task_id),
    codeFact(words.fact.taskUri, backup.task_id ? BASE + requests.taskUri(backup, action).path : null, true),
    fact(words.fact.created, localTime(instant(backup.created_at))),
    fact(words.fact.changed, localTime(instant(backup.updated_at))),
    codeFact(words.fact.sha256, backup.ova_sha256, true),
    codeFact(words.fact.sha256OfTheManifest, backup.manifest_sha256, true),
  ];
}

function fact(name, value) {
  return h('div', { class: 'fact' }, h('dt', {}, name), h('dd', {}, value || '–'));
}

function codeFact(name, value, isWide = false) {
  return h('div', { class: isWide ? 'fact wide' : 'fact' }, h('dt', {}, name),
    h('dd', {}, value ? [h('code', {}, value), copyButton(value, words.copy(name))] : '–'));
}

function compressionText(backup) {
  const asked = words.compressions[backup.compression] ?? backup.compression;
  const done = words.compressions[backup.effective_compression] ?? backup.effective_compression;
  return done && asked && done !== asked ? words.otherCompression(done, asked) : done ?? asked;
}

function volumeTable({ volumes }) {
  return volumes?.length > 0
    ? h('div', { class: 'table-wrap', tabindex: '0', role: 'region', 'aria-label': words.volumes },
      h('table', {}, h('caption', {}, words.volumes),
        h('thead', {}, h('tr', {}, words.volumeColumns.map((text) => h('th', { scope: 'col' }, text)))),
        h('tbody', {}, volumes.map((volume) => h('tr', {},
          h('td', {}, h('code', {}, volume.name)),
          h('td', {}, bytes(volume.capacity)),
          h('td', {}, bytes(volume.stored_size)),
          h('td', {}, `${volume.boot_index}`))))))
    : null;
}
