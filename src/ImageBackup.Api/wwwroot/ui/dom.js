// Elements without markup strings: whatever comes from outside becomes text, never HTML.

const SVG = 'http://www.w3.org/2000/svg';

/** Makes an element. Properties: `class`, `on<event>` handlers, `data-*`/`aria-*` and other attributes; false and null leave one out. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (name === 'class') {
      element.className = value;
    } else if (name in element && !name.includes('-') && typeof value !== 'string') {
      element[name] = value;
    } else {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...flatten(children));
  return element;
}

function flatten(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false && child !== '');
}

/** One of the pictures in icons.svg; decoration, so hidden from screen readers. */
export function icon(name, className = 'icon') {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', className);
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** Sets text only where it differs, so that a selection and a screen reader stay where they are. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** Replaces the children. */
export function fill(element, ...children) {
  element.replaceChildren(...flatten(children));
  return element;
}

/**
 * Brings a list's children in line with `items`: one part per key is made once and updated afterwards,
 * so focus, open menus and transitions survive a refresh.
 */
export function reconcile(list, items, keyOf, make) {
  const parts = (list.parts ??= new Map());
  const wanted = new Set(items.map(keyOf));
  for (const [key, part] of parts) {
    if (!wanted.has(key)) {
      part.element.remove();
      part.dispose?.();
      parts.delete(key);
    }
  }
  items.forEach((item, index) => {
    const key = keyOf(item);
    const part = parts.get(key) ?? make(item);
    parts.set(key, part);
    part.update(item);
    if (list.children[index] !== part.element) {
      list.insertBefore(part.element, list.children[index] ?? null);
    }
  });
}

/** Says something to screen readers without moving the focus. */
export function announce(text) {
  const live = document.getElementById('live');
  // The same words twice in a row are still said.
  live.textContent = live.textContent === text ? `${text}\u00a0` : text;
}

/** A note in the corner that goes by itself; refusals stay until they are closed. */
export function toast(text, kind = 'info') {
  const note = h('div', { class: `toast toast-${kind}` },
    h('p', {}, text),
    h('button', { type: 'button', class: 'icon-button', 'aria-label': 'Close this message', onclick: () => note.remove() }, icon('close')));
  document.getElementById('toasts').append(note);
  announce(text);
  if (kind !== 'error') {
    setTimeout(() => note.remove(), 8000);
  }
}

/** A button that copies. */
export function copyButton(text, label) {
  const button = h('button', { type: 'button', class: 'icon-button', 'aria-label': label, title: label }, icon('copy'));
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(typeof text === 'function' ? text() : text);
      announce('Copied');
      button.classList.add('done');
      setTimeout(() => button.classList.remove('done'), 1200);
    } catch {
      announce('The browser does not allow copying here. Select the text instead.');
    }
  });
  return button;
}
