// The search above a list: a part of the name, further filters, and the order. The service applies them.
import { h } from '../dom.js';

const SETTLE_MS = 250;

/**
 * @param label the list's name
 * @param sorts pairs of the API's sort parameter and a text
 * @param changed called a moment after the last change
 * @param further more selects by the name of their filter
 */
export function searchForm(label, sorts, changed, further = {}) {
  const name = h('input', { type: 'search', id: 'filter-name', placeholder: 'Part of the name', autocomplete: 'off' });
  const sort = h('select', { id: 'filter-sort' }, sorts.map(([value, text]) => h('option', { value }, text)));
  const selects = { ...further, sort };
  let settling = null;
  const change = () => {
    clearTimeout(settling);
    settling = setTimeout(changed, SETTLE_MS);
  };
  name.addEventListener('input', change);
  for (const select of Object.values(selects)) {
    select.addEventListener('change', change);
  }
  return {
    element: h('form', { class: 'filters', role: 'search', 'aria-label': `Search: ${label}`, onsubmit: (event) => event.preventDefault() },
      h('label', { for: 'filter-name', class: 'visually-hidden' }, 'Name'), name,
      Object.entries(selects).flatMap(([key, select]) => [h('label', { for: select.id, class: 'visually-hidden' }, key === 'sort' ? 'Order' : 'State'), select])),
    values: () => ({ name: name.value.trim(), ...Object.fromEntries(Object.entries(selects).map(([key, select]) => [key, select.value])) }),
    stop: () => clearTimeout(settling),
  };
}
