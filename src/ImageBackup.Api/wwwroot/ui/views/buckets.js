// The registered buckets and the archives in them.
import { api } from '../api.js';
import { fill, h, toast } from '../dom.js';
import { bytes } from '../format.js';
import { importDialog } from '../operations.js';
import { ageTag, emptyState, failedState, loadingRows, menu, viewHead } from '../parts.js';
import { bucketDialog, removeBucketDialog } from '../registrations.js';
import { simpleList } from './simple-list.js';

export function bucketsView(root, shell) {
  const registerButton = () => h('button', { type: 'button', class: 'button primary', onclick: () => bucketDialog() }, 'Register a bucket');
  const body = h('div', {});
  fill(root, viewHead('Buckets', 'Cloud Object Storage for archives.', registerButton()), body);
  return simpleList(body, shell, {
    label: 'Buckets',
    load: (page, signal) => api.buckets(page, signal),
    sorts: [['created_at:desc', 'Newest first'], ['name:asc', 'By name'], ['bucket_name:asc', 'By bucket']],
    empty: () => emptyState('No registered buckets', "Exports use the service's default bucket. Register a bucket to use it by name.", registerButton()),
    columns: ['Name', 'Bucket', 'Type', 'Endpoint', 'Registered', ''],
    row: (bucket) => [
      [h('strong', { class: 'row-name' }, bucket.name), h('span', { class: 'muted small' }, `#${bucket.id}`)],
      h('code', {}, bucket.bucket_name),
      bucket.type,
      bucket.credentials?.cos_endpoint ?? 'the service’s store',
      ageTag(bucket.created_at),
      actionsFor(bucket),
    ],
    foot: archives,
  });
}

function actionsFor(bucket) {
  const actions = menu(`Actions for ${bucket.name}`);
  actions.show([
    { text: 'Change', run: () => bucketDialog(bucket) },
    { text: 'Remove', run: () => removeBucketDialog(bucket), danger: true },
  ]);
  return actions;
}

function archives(bucket) {
  const content = h('div', { class: 'row-foot-body' });
  const load = async () => {
    fill(content, loadingRows(1));
    try {
      const first = await api.bucketImages(bucket.id);
      if (first.items.length === 0) {
        fill(content, h('p', { class: 'muted' }, 'No archives in this bucket.'));
      } else {
        fill(content, archivePages(bucket, first));
      }
    } catch (error) {
      fill(content, failedState(error, load));
    }
  };
  return h('details', { class: 'row-foot', ontoggle: (event) => event.target.open && load() }, h('summary', {}, 'Show archives'), content);
}

/** Shows the first page of archives. A button below adds the next page. */
function archivePages(bucket, first) {
  const list = h('ul', { class: 'objects' });
  const more = h('button', { type: 'button', class: 'button small-button' }, 'Show more archives');
  const add = ({ items, marker }) => {
    list.append(...items.map((object) => archive(bucket, object)));
    more.hidden = !marker;
    more.onclick = async () => {
      more.disabled = true;
      try {
        add(await api.bucketImages(bucket.id, { marker }));
      } catch (error) {
        toast(error.message, 'error');
      }
      more.disabled = false;
    };
  };
  add(first);
  return [list, more];
}

function archive(bucket, object) {
  return h('li', {},
    h('code', { class: 'break' }, object.name),
    h('span', { class: 'muted nowrap' }, bytes(object.size)),
    ageTag(object.last_modified),
    h('button', {
      type: 'button',
      class: 'button small-button',
      'aria-label': `Import ${object.name}`,
      onclick: () => importDialog({ source: 'bucket', bucket: bucket.bucket_name, ova: object.name }),
    }, 'Import'));
}
