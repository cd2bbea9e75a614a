// The search above a list: a part of the name, further filters, and the order. The service applies them; the address keeps them.
import { readAddress, writeFilters } from '../address.js';
import { h, setText } from '../dom.js';
import { texts } from '../texts.js';

const SETTLE_MS = 250;

/**
 * @param label the list's name
 * @param sorts pairs of the API's sort parameter and a text
 * @param changed called a moment after the last change
 * @param shown further controls beside the name: `{key, label, control}`
 * @param folded controls that a button unfolds
 */
export function searchForm(label, sorts, changed, { shown = [], folded = [] } = {}) {
  const name = h('input', { type: 'search', placeholder: texts.search.name, autocomplete: 'off' });
  const sort = h('select', {}, sorts.map(([value, text]) => h('option', { value }, text)));
  const fields = [{ key: 'name', label: texts.search.nameLabel, control: name }, ...shown, { key: 'sort', label: texts.search.order, control: sort }, ...folded];
  const { filters } = readAddress();
  for (const { key, control } of fields) {
    control.id = `filter-${key}`;
    control.value = filters[key] ?? control.value;
    if (control.tagName === 'SELECT' && control.selectedIndex < 0) {
      control.selectedIndex = 0;
    }
  }
  const values = () => Object.fromEntries(fields.map(({ key, control }) => [key, control.value.trim()]));
  const more = foldedPart(folded);
  let settling = null;
  const change = (wait) => {
    clearTimeout(settling);
    settling = setTimeout(() => {
      const { sort: order, ...rest } = values();
      writeFilters({ ...rest, sort: order === sorts[0][0] ? '' : order });
      more?.count();
      changed();
    }, wait);
  };
  for (const { control } of fields) {
    control.addEventListener('input', () => change(SETTLE_MS));
    control.addEventListener('change', () => change(SETTLE_MS));
  }
  more?.count();
  return {
    element: h('form', { class: 'filters', role: 'search', 'aria-label': texts.search.region(label), onsubmit: (event) => event.preventDefault() },
      fields.filter((one) => !folded.includes(one)).map(({ label: text, control }) => [h('label', { for: control.id, class: 'visually-hidden' }, text), control]),
      more?.element),
    values,
    isFiltered: () => fields.some(({ key, control }) => key !== 'sort' && control.value.trim() !== ''),
    clear() {
      for (const { control, key } of fields) {
        if (key !== 'sort') {
          control.value = '';
        }
      }
      change(0);
    },
    stop: () => clearTimeout(settling),
  };
}

function foldedPart(folded) {
  if (folded.length === 0) {
    return null;
  }
  const summary = h('summary', { class: 'button' }, texts.search.more);
  return {
    element: h('details', { class: 'filter-more' }, summary,
      h('div', { class: 'filter-fields' }, folded.map(({ label, control }) => h('div', { class: 'field' }, h('label', { for: control.id }, label), control, control.suggestions ?? null)))),
    count() {
      const set = folded.filter(({ control }) => control.value.trim() !== '').length;
      setText(summary, set > 0 ? texts.search.moreSet(set) : texts.search.more);
    },
  };
}
