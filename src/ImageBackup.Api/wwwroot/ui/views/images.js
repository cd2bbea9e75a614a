// The images of the catalog, each with a button to export it.
import { api } from '../api.js';
import { fill, h } from '../dom.js';
import { bytes } from '../format.js';
import { exportDialog, importDialog } from '../operations.js';
import { ageTag, emptyState, viewHead } from '../parts.js';
import { simpleList } from './simple-list.js';

const TONES = { active: 'good', killed: 'bad' };

export function imagesView(root, shell) {
  const importButton = () => h('button', { type: 'button', class: 'button', onclick: () => importDialog() }, 'Import');
  const body = h('div', {});
  fill(root, viewHead('Images', 'Images that you can export. An import adds an image.', importButton()), body);
  return simpleList(body, shell, {
    label: 'Images',
    load: (page, signal) => api.images(page, signal),
    sorts: [['created_at:desc', 'Newest first'], ['name:asc', 'By name'], ['size:desc', 'Largest first'], ['status:asc', 'By state']],
    empty: () => emptyState('No images', 'Import an image from an archive, or create one with POST /v2/images and PUT its file.', importButton()),
    columns: ['Name', 'State', 'Size', 'System', 'Created', ''],
    row: (image) => [
      [h('strong', { class: 'row-name' }, image.name ?? image.id), h('code', { class: 'muted small clip' }, image.id)],
      h('span', { class: 'badge', 'data-tone': TONES[image.status] ?? 'busy' }, image.status),
      sizeOf(image),
      [image.os_distro ?? image.os_type, image.architecture, image.endianness].filter(Boolean).join(', ') || '–',
      ageTag(image.created_at),
      h('button', { type: 'button', class: 'button small-button', disabled: image.status !== 'active', 'aria-label': `Export ${image.name ?? image.id}`, onclick: () => exportDialog(image) }, 'Export'),
    ],
  });
}

/** An image of volumes has no file; its mapping names the volumes. */
function sizeOf(image) {
  const count = volumesOf(image);
  const volumes = count > 0 ? `${count} ${count === 1 ? 'volume' : 'volumes'}` : '';
  return [image.size > 0 ? bytes(image.size) : '', volumes].filter(Boolean).join(', ') || '–';
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
