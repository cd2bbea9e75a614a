// The images of the catalog: uploaded, exported, deleted.
import { api } from '../api.js';
import { fill, h } from '../dom.js';
import { bytes } from '../format.js';
import { removeImageDialog, uploadImageDialog } from '../image-dialogs.js';
import { exportDialog, importDialog } from '../operations.js';
import { ageTag, emptyState, menu, viewHead } from '../parts.js';
import { session } from '../session.js';
import { texts } from '../texts.js';
import { simpleList } from './simple-list.js';

const TONES = { active: 'good', killed: 'bad' };
const words = texts.images;

export function imagesView(root, shell) {
  const buttons = () => (session.may('member')
    ? [
      h('button', { type: 'button', class: 'button', onclick: () => uploadImageDialog() }, words.upload),
      h('button', { type: 'button', class: 'button', onclick: () => importDialog() }, texts.operations.import.action),
    ]
    : null);
  const body = h('div', {});
  fill(root, viewHead(words.title, words.intro, buttons()), body);
  return simpleList(body, shell, {
    label: words.title,
    load: (page, signal) => api.images(page, signal),
    sorts: words.sorts,
    empty: () => emptyState(words.empty, words.emptyHint, buttons()),
    columns: words.columns,
    row: (image) => [
      [h('strong', { class: 'row-name' }, image.name ?? image.id), h('code', { class: 'muted small clip' }, image.id)],
      h('span', { class: 'badge', 'data-tone': TONES[image.status] ?? 'busy' }, image.status),
      sizeOf(image),
      [image.os_distro ?? image.os_type, image.architecture, image.endianness].filter(Boolean).join(', ') || '–',
      ageTag(image.created_at),
      session.may('member') ? actionsFor(image) : null,
    ],
  });
}

function actionsFor(image) {
  const name = image.name ?? image.id;
  const more = menu(texts.lists.actions(name));
  more.show([{ text: texts.lists.delete, run: () => removeImageDialog(image), danger: true }]);
  return h('div', { class: 'row-buttons' },
    h('button', { type: 'button', class: 'button small-button', disabled: image.status !== 'active', 'aria-label': words.exportOf(name), onclick: () => exportDialog(image) }, words.export),
    more);
}

/** An image of volumes has no file; its mapping names the volumes. */
function sizeOf(image) {
  const count = volumesOf(image);
  return [image.size > 0 ? bytes(image.size) : '', count > 0 ? words.volumes(count) : ''].filter(Boolean).join(', ') || '–';
}

function volumesOf(image) {
  try {
    const mapping = JSON.parse(image.block_device_mapping ?? '[]');
    return Array.isArray(mapping) ? mapping.length : 0;
  } catch {
    // Clients may write anything into an image's properties.
    return 0;
  }
}
