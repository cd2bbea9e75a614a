// Creates elements without markup strings, so that input becomes text, never HTML.
import { texts } from './texts.js';

const SVG = 'http://www.w3.org/2000/svg';

/** Creates an element. Properties: `class`, `on<event>` handlers, `data-*`/`aria-*` and other attributes; false and null omit one. */
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

/** Creates an element of a picture. */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** Returns a picture from icons.svg. It is decoration and hidden from screen readers. */
export function icon(name, className = 'icon') {
  return svg('svg', { class: className, 'aria-hidden': 'true' }, svg('use', { href: `icons.svg#${name}` }));
}

/** Sets text only if it differs, so that a selection and a screen reader keep their place. */
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
 * Updates a list's children to match `items`. It creates one part per key and updates it afterwards,
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

/** Announces a text to screen readers without moving the focus. */
export function announce(text) {
  const live = document.getElementById('live');
  // A changed text makes the screen reader repeat the same words.
  live.textContent = live.textContent === text ? `${text}\u00a0` : text;
}

/** Shows a note in the corner. It disappears by itself; an error stays until it is closed. */
export function toast(text, kind = 'info') {
  const note = h('div', { class: `toast toast-${kind}` },
    h('p', {}, text),
    h('button', { type: 'button', class: 'icon-button', 'aria-label': texts.dialogs.closeMessage, onclick: () => note.remove() }, icon('close')));
  document.getElementById('toasts').append(note);
  announce(text);
  if (kind !== 'error') {
    setTimeout(() => note.remove(), 8000);
  }
}

/** Returns a button that copies a text. */
export function copyButton(text, label) {
  const button = h('button', { type: 'button', class: 'icon-button', 'aria-label': label, title: label }, icon('copy'));
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(typeof text === 'function' ? text() : text);
      announce(texts.dialogs.copied);
      button.classList.add('done');
      setTimeout(() => button.classList.remove('done'), 1200);
    } catch {
      announce(texts.dialogs.notCopied);
    }
  });
  return button;
}
