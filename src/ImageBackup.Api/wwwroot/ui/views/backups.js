// The list of image backups below the running operations.
import { api } from '../api.js';
import { selection } from '../bulk.js';
import { filterInput, SHOWN } from '../choices.js';
import { fill, h, reconcile, setText } from '../dom.js';
import { feed } from '../feed.js';
import { age, bytes, instant, ratio, stateWord, STATES, times, TRANSIENT_STATES, volumeBytes, volumeText } from '../format.js';
import { repeat } from '../live.js';
import { operationsFor, startButtons } from '../operations.js';
import { ageTag, emptyState, failedState, loadingRows, menu, stateBadge, viewHead } from '../parts.js';
import { session } from '../session.js';
import { texts } from '../texts.js';
import { runningPart } from './running.js';
import { searchForm } from './search-form.js';

/** The event stream tells changes. Without it, the list is loaded more often. */
const WITH_STREAM_MS = 60_000;
const WITHOUT_STREAM_MS = 5000;
const PAGE = 50;
const words = texts.backups;

export function backupsView(root, shell) {
  let limit = PAGE;
  let shown = [];
  let isLoaded = false;
  const running = runningPart();
  const chosen = selection();
  const rows = h('ul', { class: 'rows', 'aria-label': words.title });
  const more = h('button', { type: 'button', class: 'button', hidden: true, onclick: () => { limit += PAGE; timer.now(); } }, texts.lists.more);
  const total = h('p', { class: 'muted small', role: 'status' });
  const body = h('div', {}, loadingRows());
  const search = searchForm(words.title, words.sorts, () => { limit = PAGE; timer.now(); }, filterFields());
  const timer = repeat(refresh, () => (feed.isLive ? WITH_STREAM_MS : WITHOUT_STREAM_MS));

  fill(root, viewHead(words.title, words.intro, startButtons()), running.element, search.element, chosen.bar, body, h('div', { class: 'list-foot' }, total, more));

  async function refresh(signal) {
    try {
      const page = await api.backups({ limit, ...filtersOf(search.values()) }, signal);
      shell.online();
      show(page);
    } catch (error) {
      if (!signal.aborted) {
        fail(error);
      }
    }
  }

  function show(page) {
    isLoaded = true;
    shown = page.items;
    more.hidden = !page.marker;
    setText(total, countText(page));
    search.element.hidden = shown.length === 0 && !search.isFiltered();
    if (shown.length === 0) {
      reconcile(rows, [], () => '', null);
      fill(body, search.isFiltered()
        ? emptyState(texts.lists.noMatches, words.noMatches, h('button', { type: 'button', class: 'button', onclick: search.clear }, texts.search.clear))
        : emptyState(words.empty, words.emptyHint, startButtons()));
    } else {
      if (rows.parentElement !== body) {
        fill(body, listHead(() => chosen.toggleAll(shown)), rows);
      }
      reconcile(rows, shown, (backup) => backup.id, (backup) => backupRow(backup, chosen));
    }
    chosen.update(shown);
  }

  function fail(error) {
    if (isLoaded && !error.status) {
      shell.offline(() => timer.now());
      return;
    }
    fill(body, failedState(error, () => { fill(body, loadingRows()); timer.now(); }));
  }

  const changed = () => timer.now();
  window.addEventListener('imagebackup:changed', changed);
  return () => {
    window.removeEventListener('imagebackup:changed', changed);
    running.stop();
    search.stop();
    timer.stop();
  };
}

function filterFields() {
  const states = h('select', {},
    h('option', { value: '' }, words.anyState),
    h('option', { value: `in:${TRANSIENT_STATES.join(',')}` }, words.running),
    h('option', { value: 'in:error,upload_failed,download_failed' }, words.failed),
    STATES.map((state) => h('option', { value: state }, stateWord(state))));
  const find = (load, value) => async (name) => (await load({ name, limit: SHOWN })).items.map(value).filter(Boolean);
  return {
    shown: [{ key: 'status', label: words.state, control: states }],
    folded: [
      { key: 'backup_host', label: words.node, control: filterInput(find(api.nodes, (node) => node.backup_node_id)) },
      { key: 'cos_bucket', label: words.bucket, control: filterInput(find(api.buckets, (bucket) => bucket.bucket_name), ['cos-default']) },
      { key: 'os_type', label: words.system, control: filterInput(async () => [], ['aix', 'ibmi', 'rhel', 'coreos', 'ubuntu']) },
      { key: 'image_name', label: words.image, control: filterInput(find(api.images, (image) => image.name)) },
      { key: 'from', label: words.from, control: h('input', { type: 'date' }) },
      { key: 'to', label: words.to, control: h('input', { type: 'date' }) },
    ],
  };
}

/** The days are those of the browser's time zone; the last one counts as a whole. */
function filtersOf({ from, to, ...filters }) {
  const day = (text, later) => {
    const [year, month, date] = text.split('-').map(Number);
    return new Date(year, month - 1, date + later).toISOString();
  };
  const times = [from ? `gte:${day(from, 0)}` : '', to ? `lt:${day(to, 1)}` : ''].filter(Boolean);
  return { ...filters, created_at: times.join(',') };
}

function countText({ items, count }) {
  return items.length === 0 ? '' : count === null || count === items.length ? words.count(items.length) : words.countOf(items.length, count);
}

function listHead(toggleAll) {
  const all = session.may('member') ? h('button', { type: 'button', class: 'icon-button', onclick: toggleAll }, texts.bulk.all) : null;
  return h('div', { class: 'rows-head backup-row' },
    h('span', { class: 'cell-select' }, all),
    words.columns.map((text) => h('span', { 'aria-hidden': 'true' }, text)), h('span', {}));
}

function cell(label, ...content) {
  return h('div', { class: 'cell' }, h('span', { class: 'cell-label' }, label), content);
}

function backupRow(first, chosen) {
  const link = h('a', { class: 'row-name', href: `#/backups/${first.id}` });
  const note = h('span', { class: 'muted small clip' });
  const badge = stateBadge(first.status);
  const [size, where, image, created] = Array.from({ length: 4 }, () => h('span', {}));
  const verified = h('span', { class: 'muted small block' });
  const actions = menu(texts.lists.actions(first.name));
  let offered = '';
  const [stateLabel, sizeLabel, whereLabel, imageLabel, createdLabel] = words.columns.slice(1);
  return {
    element: h('li', { class: 'row backup-row' },
      h('div', { class: 'cell cell-select' }, chosen.box(first)),
      h('div', { class: 'cell cell-name' }, link, note),
      cell(stateLabel, badge),
      cell(sizeLabel, size),
      cell(whereLabel, where),
      cell(imageLabel, image),
      cell(createdLabel, created, verified),
      h('div', { class: 'cell cell-actions' }, actions)),
    update(backup) {
      setText(link, backup.name);
      setText(note, [`#${backup.id}`, backup.description].filter(Boolean).join(' · '));
      badge.update(backup.status);
      badge.title = backup.fail_reason ?? '';
      setText(size, sizeText(backup));
      setText(where, whereText(backup));
      setText(image, [backup.image_name, backup.os_type].filter(Boolean).join(' · ') || '–');
      if (created.textContent !== age(instant(backup.created_at))) {
        fill(created, ageTag(backup.created_at));
      }
      if (backup.verified_at && verified.lastChild?.textContent !== age(instant(backup.verified_at))) {
        fill(verified, words.verified, ageTag(backup.verified_at));
      }
      // The menu is rebuilt only when its items change, so that an open menu stays open.
      const offer = `${backup.status} ${backup.name} ${backup.cos_bucket} ${backup.fail_reason}`;
      if (offer !== offered) {
        offered = offer;
        actions.show([{ text: texts.lists.details, run: () => { location.hash = `#/backups/${backup.id}`; } }, ...operationsFor(backup)]);
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
  return raw > 0 ? volumeText(backup) : backup.ova_size > 0 ? bytes(backup.ova_size) : '–';
}
