// Dialogs use the browser's element: the focus stays inside, Escape closes, and the focus returns.
import { curl, perform } from './requests.js';
import { copyButton, fill, h, icon } from './dom.js';
import { texts } from './texts.js';

let serial = 0;
let latest = 0;

/** Waits for a form's data. If another form or view was opened meanwhile, the promise never settles, so the late form does not appear. */
export async function forForm(needed) {
  latest += 1;
  const mine = latest;
  const view = document.querySelector('#main > *');
  const answer = await needed;
  return mine === latest && view === document.querySelector('#main > *') ? answer : new Promise(() => {});
}

function open(title, content) {
  serial += 1;
  latest += 1;
  const titleId = `dialog-title-${serial}`;
  const close = h('button', { type: 'button', class: 'icon-button', 'aria-label': texts.dialogs.close, onclick: () => dialog.close() }, icon('close'));
  const dialog = h('dialog', { 'aria-labelledby': titleId, class: 'dialog' },
    h('div', { class: 'dialog-head' }, h('h2', { id: titleId }, title), close),
    content);
  const before = document.activeElement;
  dialog.addEventListener('close', () => {
    dialog.remove();
    if (before?.isConnected) {
      before.focus();
    }
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * A form that sends one request of the API and stays open with the refusal where it is refused.
 * @param fields elements of the form
 * @param request makes the request out of what is in the form
 * @param done called with the answer once it is accepted
 */
export function formDialog({ title, intro, fields = [], submit, danger = false, request, done }) {
  const problem = h('div', { class: 'problem', role: 'alert', hidden: true });
  const command = h('code', {});
  const button = h('button', { type: 'submit', class: danger ? 'button danger' : 'button primary' }, submit);
  const form = h('form', { class: 'form', novalidate: true },
    intro ? h('p', { class: 'muted' }, intro) : null,
    fields,
    problem,
    h('details', { class: 'curl' }, h('summary', {}, texts.dialogs.curl), h('div', { class: 'code' }, h('pre', {}, command), copyButton(() => command.textContent, texts.dialogs.copyCommand))),
    h('div', { class: 'dialog-foot' },
      h('button', { type: 'button', class: 'button', onclick: () => dialog.close() }, texts.dialogs.cancel),
      button));
  const show = () => {
    command.textContent = curl(request());
  };
  form.addEventListener('input', show);
  form.addEventListener('change', show);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    problem.hidden = true;
    button.disabled = true;
    button.setAttribute('aria-busy', 'true');
    try {
      const answer = await perform(request());
      dialog.close();
      done?.(answer);
    } catch (error) {
      refuse(problem, error);
    } finally {
      button.disabled = false;
      button.removeAttribute('aria-busy');
    }
  });
  const dialog = open(title, form);
  show();
  form.querySelector('input:not([type=radio]), select, textarea')?.focus();
  return { dialog, form, refresh: show };
}

function refuse(problem, error) {
  fill(problem,
    h('p', { class: 'problem-text' }, error.message),
    error.status ? h('p', { class: 'small' }, `${error.status}`, error.requestId ? [' · ', h('code', {}, error.requestId)] : null) : null);
  problem.hidden = false;
  problem.scrollIntoView({ block: 'nearest' });
}

/** A form that does not send a single API request, such as the log-in. */
export function taskForm({ fields, submit, run, danger = false }) {
  const problem = h('div', { class: 'problem', role: 'alert', hidden: true });
  const button = h('button', { type: 'submit', class: danger ? 'button danger' : 'button primary' }, submit);
  const form = h('form', { class: 'form', novalidate: true }, fields, problem, h('div', { class: 'dialog-foot' }, button));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    problem.hidden = true;
    button.disabled = true;
    try {
      await run();
    } catch (error) {
      refuse(problem, error);
    } finally {
      button.disabled = false;
    }
  });
  return form;
}

export function taskDialog(title, options) {
  const dialog = open(title, taskForm({ ...options, run: async () => { await options.run(); dialog.close(); } }));
  return dialog;
}

/** A labelled control with its search field or its suggestions, and an optional hint. */
export function field(label, control, hint) {
  serial += 1;
  control.id ||= `field-${serial}`;
  const note = hint ? h('p', { class: 'hint', id: `${control.id}-hint` }, hint) : null;
  if (note) {
    control.setAttribute('aria-describedby', note.id);
  }
  return h('div', { class: 'field' }, h('label', { for: control.id }, label), control.search ?? null, control, control.suggestions ?? null, note);
}

export function textInput(name, properties = {}) {
  return h('input', { type: 'text', name, autocomplete: 'off', ...properties });
}

/** A select; `options` are [value, text] pairs. */
export function select(name, options, chosen = '') {
  const control = h('select', { name }, options.map(([value, text]) => h('option', { value }, text)));
  control.value = chosen;
  if (control.selectedIndex < 0 && control.options.length) {
    control.selectedIndex = 0;
  }
  return control;
}

export function checkbox(name, label, checked, hint) {
  serial += 1;
  const control = h('input', { type: 'checkbox', name, id: `field-${serial}`, checked });
  const note = hint ? h('p', { class: 'hint', id: `${control.id}-hint` }, hint) : null;
  if (note) {
    control.setAttribute('aria-describedby', note.id);
  }
  return h('div', { class: 'field check' }, control, h('div', {}, h('label', { for: control.id }, label), note));
}

/** A group of radio buttons. */
export function choice(legend, name, options, chosen) {
  return h('fieldset', { class: 'choice' }, h('legend', {}, legend), h('div', { class: 'choice-list' }, options.map(([value, text, note]) => {
    serial += 1;
    const id = `field-${serial}`;
    return h('div', { class: 'choice-item' },
      h('input', { type: 'radio', name, value, id, checked: value === chosen }),
      h('label', { for: id }, h('span', {}, text), note ? h('span', { class: 'hint' }, note) : null));
  })));
}

/** A text field with optional suggestions. */
export function suggestInput(name, suggestions, properties = {}) {
  serial += 1;
  const list = h('datalist', { id: `list-${serial}` });
  list.show = (values) => fill(list, values.map((value) => h('option', { value })));
  list.show(suggestions);
  const control = textInput(name, { list: list.id, ...properties });
  control.suggestions = list;
  return control;
}
