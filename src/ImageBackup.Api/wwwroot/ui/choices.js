// The choices that forms offer, and the fields that forms send.
import { forForm } from './dialogs.js';

let waiting = 0;

/** Loads a form's lists. If a list fails to load, the user types the value. A bar at the top of the page shows that the lists are loading. */
export async function options(...lists) {
  waiting += 1;
  document.body.toggleAttribute('data-waiting', true);
  const results = await forForm(Promise.allSettled(lists).finally(() => {
    waiting -= 1;
    document.body.toggleAttribute('data-waiting', waiting > 0);
  }));
  return results.map((result) => (result.status === 'fulfilled' ? result.value : []));
}

export function nodeOptions(nodes, none) {
  return [['', none], ...nodes.map((node) => [node.backup_node_id, `${node.display_name ?? node.backup_node_id} (${node.backup_node_id})`])];
}

export function bucketNames(buckets) {
  return [...new Set([...buckets.map((bucket) => bucket.bucket_name), 'cos-default'])].filter(Boolean);
}

/** Returns the fields that were filled in, so that the service's defaults apply to the others. */
export function given(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '' && value !== null && value !== undefined));
}

/** Returns the fields that differ from `before`, so that a concurrent change of another field is kept. */
export function changed(fields, before) {
  return Object.fromEntries(Object.entries(fields).filter(([name, value]) => value !== (before[name] ?? '')));
}
