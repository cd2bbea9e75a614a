// What forms offer to choose from, and what of a form is sent.
import { forForm } from './dialogs.js';

let waiting = 0;

/** Asks for a form's lists; one that can't be had leaves its field to be typed. While it takes long, a bar at the top of the page says that something goes on. */
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

/** Only what was filled in is sent, so the service's defaults stay the service's. */
export function given(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '' && value !== null && value !== undefined));
}

/** Only what differs from `before` is sent, so that nobody's change of another field is undone. */
export function changed(fields, before) {
  return Object.fromEntries(Object.entries(fields).filter(([name, value]) => value !== (before[name] ?? '')));
}
