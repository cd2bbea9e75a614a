// The health and the space of nodes and buckets.
import { api } from '../api.js';
import { h } from '../dom.js';
import { bytes } from '../format.js';
import { texts } from '../texts.js';

const words = texts.health;

/** Adds to each item of a page its health in words, so that a list is drawn anew only if they change. */
export async function withHealth(page, load) {
  const items = await Promise.all(page.items.map(async (item) => ({ ...item, health: describe(await load(item).catch(() => null)) })));
  return { ...page, items };
}

export const healthOf = { node: (node, signal) => api.nodeHealth(node.id, signal), bucket: (bucket, signal) => api.bucketHealth(bucket.id, signal) };

function describe(health) {
  return health && {
    status: health.status,
    reason: health.reason,
    used: health.total_bytes ? Math.round((1 - health.free_bytes / health.total_bytes) * 100) : null,
    space: health.total_bytes ? words.space(bytes(health.free_bytes), bytes(health.total_bytes)) : '',
    archives: words.archives(health.backup_count, bytes(health.archive_bytes)),
  };
}

/** "Up" or "Down" with its reason. */
export function healthBadge({ health }) {
  return health
    ? [h('span', { class: 'badge', 'data-tone': health.status === 'up' ? 'good' : 'bad' }, words[health.status]), health.reason ? h('p', { class: 'small reason' }, health.reason) : null]
    : '–';
}

/** The free space with a bar of what is used, and what the image backups take. */
export function spacePart({ health }, name) {
  return health
    ? [
      health.used === null ? null : h('meter', { min: 0, max: 100, low: 80, high: 90, optimum: 0, value: health.used, 'aria-label': words.used(name, health.used) }),
      h('span', { class: 'small block' }, health.space),
      h('span', { class: 'muted small block' }, health.archives),
    ]
    : '–';
}
