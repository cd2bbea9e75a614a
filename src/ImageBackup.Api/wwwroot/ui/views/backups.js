// The list of image backups below the running operations.
import { api } from '../api.js';
import { fill, h, reconcile, setText } from '../dom.js';
import { actionWord, age, bytes, instant, isTransient, ratio, stateWord, STATES, times, TRANSIENT_STATES, volumeBytes } from '../format.js';
import { repeat, watch } from '../live.js';
import { operationsFor, startButtons } from '../operations.js';
import { ageTag, announceChange, bar, emptyState, failedState, figureLine, loadingRows, menu, runningTasks, stateBadge, viewHead } from '../parts.js';
import { searchForm } from './search-form.js';

const BUSY_MS = 3000;
const QUIET_MS = 4000;
const PAGE = 50;
const SORTS = [['created_at:desc', 'Newest first'], ['name:asc', 'By name'], ['size:desc', 'Largest first'], ['status:asc', 'By state'], ['updated_at:desc', 'Last changed first']];

export function backupsView(root, shell) {
  const known = new Map();
  let limit = PAGE;
  const running = h('ul', { class: 'cards', 'aria-label': 'Running operations' });
  const runningSection = h('section', { 'aria-labelledby': 'running-title', hidden: true }, h('h2', { id: 'running-title' }, 'Running now'), running);
  const rows = h('ul', { class: 'rows', 'aria-label': 'Image backups' });
  const more = h('button', { type: 'button', class: 'button', hidden: true, onclick: () => { limit += PAGE; timer.now(); } }, 'Show more');
  const total = h('p', { class: 'muted small' });
  const body = h('div', {}, loadingRows());
  const states = h('select', { id: 'filter-status' }, h('option', { value: '' }, 'All states'), STATES.map((state) => h('option', { value: state }, stateWord(state))));
  const search = searchForm('Image backups', SORTS, () => { limit = PAGE; timer.now(); }, { status: states });
  const timer = repeat(refresh, () => (running.childElementCount ? BUSY_MS : QUIET_MS));

  fill(root, viewHead('Image backups', 'Archives of images on backup nodes and in buckets.', startButtons()), runningSection, search.element, body, h('div', { class: 'list-foot' }, total, more));

  async function refresh(signal) {
    try {
      const page = await api.backups({ limit, ...search.values() }, signal);
      const busy = await findBusy(page, signal);
      shell.online();
      shell.showRunning(busy.length);
      show(page, busy);
    } catch (error) {
      if (!signal.aborted) {
        fail(error);
      }
    }
  }

  function isFiltered() {
    const { name, status } = search.values();
    return name !== '' || status !== '';
  }

  /** Running backups may be outside the shown page or the filter. */
  async function findBusy(page, signal) {
    if (!page.marker && !isFiltered()) {
      return page.items.filter((backup) => isTransient(backup.status));
    }
    const pages = await Promise.all(TRANSIENT_STATES.map((status) => api.backups({ status, limit: 20 }, signal)));
    return pages.flatMap((found) => found.items).sort((a, b) => b.id - a.id);
  }

  function show(page, busy) {
    runningSection.hidden = busy.length === 0;
    reconcile(running, busy, (backup) => `${backup.id}/${backup.task_id}`, (backup) => runningCard(backup, () => timer.now()));
    more.hidden = !page.marker;
    setText(total, countText(page));
    for (const backup of page.items) {
      announceChange(known.get(backup.id), backup);
      known.set(backup.id, backup);
    }
    search.element.hidden = page.items.length === 0 && !isFiltered();
    if (page.items.length === 0) {
      reconcile(rows, [], () => '', null);
      fill(body, isFiltered()
        ? emptyState('No matches', 'No image backup has this name and state.')
        : emptyState('No image backups yet', 'Export an image, or import an archive from a node or a bucket.', startButtons()));
      return;
    }
    if (rows.parentElement !== body) {
      fill(body, listHead(), rows);
    }
    reconcile(rows, page.items, (backup) => backup.id, backupRow);
  }

  function fail(error) {
    if (known.size > 0 && !error.status) {
      shell.offline(() => timer.now());
      return;
    }
    runningSection.hidden = true;
    fill(body, failedState(error, () => { fill(body, loadingRows()); timer.now(); }));
  }

  const changed = () => timer.now();
  window.addEventListener('imagebackup:changed', changed);
  return () => {
    window.removeEventListener('imagebackup:changed', changed);
    search.stop();
    timer.stop();
    reconcile(running, [], () => '', null);
  };
}

function countText({ items, count }) {
  if (items.length === 0) {
    return '';
  }
  return count === null || count === items.length
    ? `${items.length} image ${items.length === 1 ? 'backup' : 'backups'}`
    : `${items.length} of ${count} image backups`;
}

function listHead() {
  return h('div', { class: 'rows-head', 'aria-hidden': 'true' }, ['Name', 'State', 'Size', 'Where', 'Created', ''].map((text) => h('span', {}, text)));
}

function cell(label, ...content) {
  return h('div', { class: 'cell' }, h('span', { class: 'cell-label' }, label), content);
}

function backupRow(first) {
  const link = h('a', { class: 'row-name', href: `#/backups/${first.id}` });
  const note = h('span', { class: 'muted small clip' });
  const badge = stateBadge(first.status);
  const size = h('span', {});
  const where = h('span', {});
  const created = h('span', {});
  const actions = menu(`Actions for ${first.name}`);
  let offered = '';
  return {
    element: h('li', { class: 'row' },
      h('div', { class: 'cell cell-name' }, link, note),
      cell('State', badge),
      cell('Size', size),
      cell('Where', where),
      cell('Created', created),
      h('div', { class: 'cell cell-actions' }, actions)),
    update(backup) {
      setText(link, backup.name);
      setText(note, [`#${backup.id}`, backup.description].filter(Boolean).join(' · '));
      badge.update(backup.status);
      setText(size, sizeText(backup));
      setText(where, whereText(backup));
      if (created.textContent !== age(instant(backup.created_at))) {
        fill(created, ageTag(backup.created_at));
      }
      // The menu is rebuilt only when its items change, so that an open menu stays open.
      const offer = `${backup.status} ${backup.name} ${backup.cos_bucket}`;
      if (offer !== offered) {
        offered = offer;
        actions.show([{ text: 'Details', run: () => { location.hash = `#/backups/${backup.id}`; } }, ...operationsFor(backup)]);
      }
    },
  };
}

const IN_BUCKET = ['uploaded', 'download_failed', 'downloading'];

function whereText(backup) {
  return [backup.backup_host, IN_BUCKET.includes(backup.status) ? backup.cos_bucket : null].filter(Boolean).join(' + ');
}

/** Returns "10 GiB → 3.1 GiB (3.2×)": the volumes, the archive, the compression ratio. */
function sizeText(backup) {
  const raw = volumeBytes(backup);
  const factor = ratio(backup);
  if (factor !== null) {
    return `${bytes(raw)} → ${bytes(backup.ova_size)} (${times(factor)})`;
  }
  return raw > 0 ? bytes(raw) : backup.ova_size > 0 ? bytes(backup.ova_size) : '–';
}

function runningCard(first, refresh) {
  const name = h('a', { href: `#/backups/${first.id}`, class: 'card-name' });
  const what = h('span', { class: 'muted' });
  const progress = bar(`Progress of ${first.name}`);
  const percent = h('span', { class: 'percent' });
  const figures = h('span', { class: 'muted' });
  const counts = h('span', { class: 'muted' });
  const tasks = runningTasks();
  const show = ({ details, figures: now, ended }) => {
    progress.show(details.progress);
    setText(percent, `${details.progress} %`);
    setText(figures, figureLine(now));
    setText(what, `${actionWord(details.action)}${details.started_at ? '' : ', queued'}`);
    const all = details.tasks ?? [];
    setText(counts, all.length ? `${all.filter((task) => task.state === 'SUCCESS').length} of ${all.length} tasks done` : '');
    tasks.update(all);
    if (ended) {
      refresh();
    }
  };
  return {
    element: h('li', { class: 'card' },
      h('div', { class: 'card-head' }, h('span', {}, name, ' ', what), percent),
      progress,
      h('div', { class: 'card-figures small' }, figures, counts),
      tasks),
    update(backup) {
      setText(name, backup.name);
      if (!what.textContent) {
        setText(what, stateWord(backup.status));
      }
    },
    dispose: first.task_id ? watch(first, show) : undefined,
  };
}
