// The registered backup nodes.
import { api, requests } from '../api.js';
import { formDialog } from '../dialogs.js';
import { fill, h, toast } from '../dom.js';
import { importDialog } from '../operations.js';
import { ageTag, emptyState, menu, viewHead } from '../parts.js';
import { nodeDialog, removeNodeDialog } from '../registrations.js';
import { simpleList } from './simple-list.js';

/** The time between two looks at a discovery that runs. */
const FOLLOW_MS = 5000;

export function nodesView(root, shell) {
  const registerButton = () => h('button', { type: 'button', class: 'button primary', onclick: () => nodeDialog() }, 'Register a node');
  const body = h('div', {});
  fill(root, viewHead('Backup nodes', 'Machines that hold the archives.', registerButton()), body);
  return simpleList(body, shell, {
    label: 'Backup nodes',
    load: (page, signal) => api.nodes(page, signal),
    sorts: [['registered_at:desc', 'Newest first'], ['display_name:asc', 'By name'], ['access_ip:asc', 'By address']],
    empty: () => emptyState('No backup nodes', 'An export needs a backup node.', registerButton()),
    columns: ['Name', 'Address', 'Bucket', 'Compression', 'Registered', ''],
    row: (node) => [
      [h('strong', { class: 'row-name' }, node.display_name), h('code', { class: 'muted small clip' }, node.backup_node_id)],
      node.access_ip,
      node.cos_default ?? 'service default',
      node.fast_compression ? 'Always' : 'As requested',
      ageTag(node.registered_at),
      actionsFor(node),
    ],
  });
}

function actionsFor(node) {
  const actions = menu(`Actions for ${node.display_name}`);
  actions.show([
    { text: 'Discover archives', run: () => discover(node) },
    { text: 'Import an OVA', run: () => importDialog({ source: 'node', node: node.backup_node_id }) },
    { text: 'Import a raw disk', run: () => importDialog({ source: 'raw', node: node.backup_node_id }) },
    { text: 'Change', run: () => nodeDialog(node) },
    { text: 'Remove', run: () => removeNodeDialog(node), danger: true },
  ]);
  return actions;
}

function discover(node) {
  formDialog({
    title: `Discover archives on ${node.display_name}`,
    intro: 'The service creates an image backup in this project for every readable OVA on the node that has no record yet.',
    submit: 'Discover',
    request: () => requests.discover(node.id),
    done: ({ discovered }) => follow(node, discovered),
  });
}

/** Says how far a discovery is until it ends, then what it has found. */
async function follow(node, discovered) {
  let now = discovered;
  while (now.state === 'running') {
    toast(`${node.display_name}: ${now.read_count} of ${now.found_count} archives are read.`);
    await new Promise((resolve) => { setTimeout(resolve, FOLLOW_MS); });
    now = await api.discovery(node.id).catch(() => null);
    if (!now) {
      return;
    }
  }
  const unreadable = now.broken.map((one) => `${one.ova_name} (${one.reason})`).join('; ');
  const problem = now.fail_reason ?? unreadable;
  toast(`${now.found_count} found, ${now.added_count} added${unreadable ? `; unreadable: ${unreadable}` : ''}${now.fail_reason ? `; ${now.fail_reason}` : ''}.`, problem ? 'error' : 'info');
  window.dispatchEvent(new CustomEvent('imagebackup:changed'));
}
