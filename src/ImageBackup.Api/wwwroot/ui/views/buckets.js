// The registered buckets: their health, and the archives in them.
import { api } from '../api.js';
import { fill, h } from '../dom.js';
import { importDialog } from '../operations.js';
import { ageTag, emptyState, menu, viewHead } from '../parts.js';
import { bucketDialog, removeBucketDialog } from '../registrations.js';
import { session } from '../session.js';
import { texts } from '../texts.js';
import { archivesPart } from './archives.js';
import { healthBadge, healthOf, spacePart, withHealth } from './health.js';
import { simpleList } from './simple-list.js';

const words = texts.buckets;

export function bucketsView(root, shell) {
  const registerButton = () => (session.may('admin') ? h('button', { type: 'button', class: 'button primary', onclick: () => bucketDialog() }, words.register) : null);
  const body = h('div', {});
  fill(root, viewHead(words.title, words.intro, registerButton()), body);
  return simpleList(body, shell, {
    label: words.title,
    load: async (page, signal) => withHealth(await api.buckets(page, signal), (bucket) => healthOf.bucket(bucket, signal)),
    sorts: words.sorts,
    empty: () => emptyState(words.empty, words.emptyHint, registerButton()),
    columns: words.columns,
    row: (bucket) => [
      [h('strong', { class: 'row-name' }, bucket.name), h('span', { class: 'muted small' }, `#${bucket.id}`)],
      healthBadge(bucket),
      spacePart(bucket, bucket.name),
      [h('code', {}, bucket.bucket_name), h('span', { class: 'muted small clip' }, bucket.type)],
      [bucket.credentials?.cos_endpoint ?? words.ownStore, h('span', { class: 'muted small clip' }, ageTag(bucket.created_at))],
      actionsFor(bucket),
    ],
    foot: (bucket) => archivesPart((marker) => api.bucketImages(bucket.id, { marker }), (ova) => importDialog({ source: 'bucket', bucket: bucket.bucket_name, ova })),
  });
}

function actionsFor(bucket) {
  if (!session.may('admin')) {
    return null;
  }
  const actions = menu(texts.lists.actions(bucket.name));
  actions.show([
    { text: texts.lists.change, run: () => bucketDialog(bucket) },
    { text: texts.lists.remove, run: () => removeBucketDialog(bucket), danger: true },
  ]);
  return actions;
}
