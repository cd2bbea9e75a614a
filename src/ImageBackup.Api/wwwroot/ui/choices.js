// The choices that forms offer, and the fields that forms send.
import { api } from './api.js';
import { forForm, select, suggestInput } from './dialogs.js';
import { fill, h } from './dom.js';
import { texts } from './texts.js';

/** Items that a choice shows. If there are more, typing searches all of them. */
export const SHOWN = 50;
const SETTLE_MS = 250;

let waiting = 0;

/** Loads a form's lists. If a list fails to load, the user types the value. A bar at the top of the page shows that the lists are loading. */
export async function options(...lists) {
  waiting += 1;
  document.body.toggleAttribute('data-waiting', true);
  const results = await forForm(Promise.allSettled(lists).finally(() => {
    waiting -= 1;
    document.body.toggleAttribute('data-waiting', waiting > 0);
  }));
  return results.map((result) => (result.status === 'fulfilled' ? result.value : { items: [], marker: null }));
}

/** Calls `find` a moment after the last input, and `show` with its result. A later input discards the result. */
function whileTyping(input, find, show) {
  let latest = 0;
  input.addEventListener('input', () => {
    latest += 1;
    const mine = latest;
    setTimeout(async () => {
      const found = mine === latest ? await find(input.value.trim()).catch(() => null) : null;
      if (found && mine === latest) {
        show(found);
      }
    }, SETTLE_MS);
  });
}

/**
 * A select over a list of the service. If the list has more items than it shows, a field above it searches all items by name.
 * @param page the first items
 * @param find returns the items that have a text in their name
 * @param option returns the value and the text of an item
 * @param none the text of an empty choice
 * @param chosen the value to begin with
 */
export function searchSelect(label, name, page, find, option, { none, chosen = '' } = {}) {
  const control = select(name, []);
  control.search = h('input', { type: 'search', 'aria-label': texts.search.region(label), placeholder: texts.search.name, autocomplete: 'off', hidden: !page.marker });
  const show = ({ items }) => {
    const before = control.options.length ? control.value : chosen;
    control.items = items;
    const pairs = [...(none === undefined ? [] : [['', none]]), ...items.map(option)];
    fill(control, pairs.map(([value, text]) => h('option', { value }, text)));
    if (before && before === chosen && !pairs.some(([value]) => value === before)) {
      control.append(h('option', { value: before }, before));
    }
    control.value = before;
    if (control.selectedIndex < 0 && control.options.length) {
      control.selectedIndex = 0;
    }
    control.dispatchEvent(new Event('change', { bubbles: true }));
  };
  show(page);
  whileTyping(control.search, find, show);
  return control;
}

/** A select of the backup nodes. */
export function nodeSelect(name, nodes, none, chosen) {
  return searchSelect(texts.backups.node, name, nodes, (text) => api.nodes({ name: text, limit: SHOWN }),
    (node) => [node.backup_node_id, `${node.display_name ?? node.backup_node_id} (${node.backup_node_id})`], { none, chosen });
}

/** A text field that suggests the registered buckets while one types. */
export function bucketInput(name, buckets, properties) {
  const control = suggestInput(name, bucketNames(buckets), properties);
  control.buckets = buckets.items;
  whileTyping(control, (text) => api.buckets({ name: text, limit: SHOWN }), (found) => {
    control.buckets = found.items;
    control.suggestions.show(bucketNames(found));
  });
  return control;
}

/** A text field of a filter, with suggestions that `find` loads when the field is entered and while one types. */
export function filterInput(find, fixed = []) {
  const control = suggestInput('', fixed);
  const show = (found) => control.suggestions.show([...new Set([...found, ...fixed])]);
  control.addEventListener('focus', async () => show(await find('').catch(() => [])), { once: true });
  whileTyping(control, find, show);
  return control;
}

function bucketNames({ items }) {
  return [...new Set([...items.map((bucket) => bucket.bucket_name), 'cos-default'])].filter(Boolean);
}

/** Returns the fields that were filled in, so that the service's defaults apply to the others. */
export function given(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '' && value !== null && value !== undefined));
}

/** Returns the fields that differ from `before`, so that a concurrent change of another field is kept. */
export function changed(fields, before) {
  return Object.fromEntries(Object.entries(fields).filter(([name, value]) => value !== (before[name] ?? '')));
}
