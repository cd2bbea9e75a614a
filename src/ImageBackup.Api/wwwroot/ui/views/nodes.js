// The registered backup nodes: their health, their space and the archives on them.
import { api } from '../api.js';
import { requests } from '../requests.js';
import { formDialog } from '../dialogs.js';
import { fill, h, toast } from '../dom.js';
import { importDialog } from '../operations.js';
import { ageTag, emptyState, menu, viewHead } from '../parts.js';
import { nodeDialog, removeNodeDialog } from '../registrations.js';
import { session } from '../session.js';
import { texts } from '../texts.js';
import { archivesPart } from './archives.js';
import { healthBadge, healthOf, spacePart, withHealth } from './health.js';
import { processesPart } from './processes.js';
import { simpleList } from './simple-list.js';

/** The time between two looks at a discovery that runs. */
const FOLLOW_MS = 5000;
const words = texts.nodes;

export function nodesView(root, shell) {
  const registerButton = () => (session.may('admin') ? h('button', { type: 'button', class: 'button primary', onclick: () => nodeDialog() }, words.register) : null);
  const body = h('div', {});
  const processes = processesPart();
  fill(root, viewHead(words.title, words.intro, registerButton()), body, processes.element);
  const stop = simpleList(body, shell, {
    label: words.title,
    load: async (page, signal) => withHealth(await api.nodes(page, signal), (node) => healthOf.node(node, signal)),
    sorts: words.sorts,
    empty: () => emptyState(words.empty, words.emptyHint, registerButton()),
    columns: words.columns,
    row: (node) => [
      [h('strong', { class: 'row-name' }, node.display_name), h('code', { class: 'muted small clip' }, node.backup_node_id)],
      healthBadge(node),
      spacePart(node, node.display_name),
      [node.access_ip, h('span', { class: 'muted small clip' }, node.cos_default ?? words.defaultBucket)],
      [node.fast_compression ? words.always : words.asRequested, h('span', { class: 'muted small clip' }, ageTag(node.registered_at))],
      actionsFor(node),
    ],
    foot: (node) => archivesPart((marker) => api.nodeArchives(node.id, { marker }), (ova) => importDialog({ source: 'node', node: node.backup_node_id, ova })),
  });
  return () => {
    stop();
    processes.stop();
  };
}

function actionsFor(node) {
  const items = [
    { role: 'admin', text: words.discover, run: () => discover(node) },
    { role: 'member', text: words.importOva, run: () => importDialog({ source: 'node', node: node.backup_node_id }) },
    { role: 'member', text: words.importRaw, run: () => importDialog({ source: 'raw', node: node.backup_node_id }) },
    { role: 'admin', text: texts.lists.change, run: () => nodeDialog(node) },
    { role: 'admin', text: texts.lists.remove, run: () => removeNodeDialog(node), danger: true },
  ].filter(({ role }) => session.may(role));
  const actions = menu(texts.lists.actions(node.display_name));
  actions.show(items);
  return items.length > 0 ? actions : null;
}

function discover(node) {
  formDialog({
    title: words.discoverTitle(node.display_name),
    intro: words.discoverIntro,
    submit: words.discoverSubmit,
    request: () => requests.discover(node.id),
    done: ({ discovered }) => follow(node, discovered),
  });
}

/** Says how far a discovery is until it ends, then what it has found. */
async function follow(node, discovered) {
  let now = discovered;
  while (now.state === 'running') {
    toast(words.discovering(node.display_name, now.read_count, now.found_count));
    await new Promise((resolve) => { setTimeout(resolve, FOLLOW_MS); });
    now = await api.discovery(node.id).catch(() => null);
    if (!now) {
      return;
    }
  }
  const unreadable = now.broken.map((one) => `${one.ova_name} (${one.reason})`).join('; ');
  toast(words.discovered(now.found_count, now.added_count, unreadable, now.fail_reason), now.fail_reason || unreadable ? 'error' : 'info');
  window.dispatchEvent(new CustomEvent('imagebackup:changed'));
}
