// A list that the service searches, sorts and pages; shown as rows, and refreshed.
import { fill, h } from '../dom.js';
import { feed } from '../feed.js';
import { repeat } from '../live.js';
import { emptyState, failedState, loadingRows } from '../parts.js';
import { texts } from '../texts.js';
import { searchForm } from './search-form.js';

const WITH_STREAM_MS = 120_000;
const WITHOUT_STREAM_MS = 15_000;
const PAGE = 50;

/**
 * @param load returns a page: the items, and a marker if more follow; takes `limit`, `name` and `sort`
 * @param sorts the orders: pairs of the API's sort parameter and a text, the first one is the default
 * @param columns the headings; the last column, for buttons, has no heading
 * @param row returns an item's cells, one per column
 * @param foot returns the element below an item's cells, or null
 */
export function simpleList(root, shell, { label, load, sorts, empty, columns, row, foot = () => null }) {
  let last = '';
  let limit = PAGE;
  const search = searchForm(label, sorts, () => { limit = PAGE; timer.now(); });
  const more = h('button', { type: 'button', class: 'button', hidden: true, onclick: () => { limit += PAGE; timer.now(); } }, texts.lists.more);
  const total = h('p', { class: 'muted small' });
  const body = h('div', {}, loadingRows());
  fill(root, search.element, body, h('div', { class: 'list-foot' }, total, more));
  const timer = repeat(async (signal) => {
    try {
      const page = await load({ limit, ...search.values() }, signal);
      shell.online();
      const now = JSON.stringify(page);
      // Without a change, open menus and the focus stay.
      if (now !== last) {
        last = now;
        show(page);
      }
    } catch (error) {
      if (!signal.aborted) {
        fail(error);
      }
    }
  }, () => (feed.isLive ? WITH_STREAM_MS : WITHOUT_STREAM_MS));

  function show({ items, marker }) {
    const focused = body.contains(document.activeElement) ? document.activeElement.getAttribute('aria-label') : null;
    draw(items, marker);
    if (focused !== null) {
      // The row was rebuilt or removed: keep the focus as near as possible.
      (body.querySelector(`[aria-label="${CSS.escape(focused)}"]`) ?? document.querySelector('main h1')).focus();
    }
  }

  function draw(items, marker) {
    const isSearch = search.isFiltered();
    search.element.hidden = items.length === 0 && !isSearch;
    more.hidden = !marker;
    total.textContent = items.length === 0 ? '' : texts.lists.total(items.length, marker ? 'shown' : isSearch ? 'found' : 'all');
    if (items.length === 0) {
      fill(body, isSearch ? emptyState(texts.lists.noMatches, texts.lists.noName) : empty());
      return;
    }
    fill(body,
      h('div', { class: 'rows-head cols-6', 'aria-hidden': 'true' }, columns.map((text) => h('span', {}, text))),
      h('ul', { class: 'rows', 'aria-label': label }, items.map((item) => h('li', { class: 'row cols-6' },
        row(item).map((content, index) => cell(columns[index], content, index)), foot(item)))));
  }

  function cell(name, content, index) {
    const className = index === 0 ? 'cell cell-name' : name === '' ? 'cell cell-actions' : 'cell';
    return h('div', { class: className }, index > 0 && name ? h('span', { class: 'cell-label' }, name) : null, content);
  }

  function fail(error) {
    if (last && !error.status) {
      shell.offline(() => timer.now());
    } else {
      fill(body, failedState(error, () => { last = ''; fill(body, loadingRows()); timer.now(); }));
    }
  }

  const changed = () => timer.now();
  window.addEventListener('imagebackup:changed', changed);
  return () => {
    window.removeEventListener('imagebackup:changed', changed);
    search.stop();
    timer.stop();
  };
}
