// A list that is loaded, shown as rows, and refreshed.
import { fill, h } from '../dom.js';
import { repeat } from '../live.js';
import { failedState, loadingRows } from '../parts.js';

const EVERY_MS = 15_000;

/**
 * @param load returns the items
 * @param columns the headings; the last column, for buttons, has no heading
 * @param row returns an item's cells, one per column
 * @param foot returns the element below an item's cells, or null
 */
export function simpleList(body, shell, { label, load, empty, columns, row, foot = () => null }) {
  let last = '';
  fill(body, loadingRows());
  const timer = repeat(async (signal) => {
    try {
      const items = await load(signal);
      shell.online();
      const now = JSON.stringify(items);
      // Without a change, open menus and the focus stay.
      if (now !== last) {
        last = now;
        show(items);
      }
    } catch (error) {
      if (!signal.aborted) {
        fail(error);
      }
    }
  }, () => EVERY_MS);

  function show(items) {
    const focused = body.contains(document.activeElement) ? document.activeElement.getAttribute('aria-label') : null;
    draw(items);
    if (focused !== null) {
      // The row was rebuilt or removed: keep the focus as near as possible.
      (body.querySelector(`[aria-label="${CSS.escape(focused)}"]`) ?? document.querySelector('main h1')).focus();
    }
  }

  function draw(items) {
    if (items.length === 0) {
      fill(body, empty());
      return;
    }
    fill(body,
      h('div', { class: 'rows-head cols-6', 'aria-hidden': 'true' }, columns.map((text) => h('span', {}, text))),
      h('ul', { class: 'rows', 'aria-label': label }, items.map((item) => h('li', { class: 'row cols-6' },
        row(item).map((content, index) => cell(columns[index], content, index)), foot(item)))),
      h('p', { class: 'muted small list-foot' }, `${items.length} in total`));
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
    timer.stop();
  };
}
