// The archives on a node or in a bucket: those with an image backup, and those that have none.
import { fill, h, toast } from '../dom.js';
import { bytes } from '../format.js';
import { ageTag, failedState, loadingRows } from '../parts.js';
import { session } from '../session.js';
import { texts } from '../texts.js';

const words = texts.archives;

/**
 * Returns a part that unfolds the archives, a page at a time.
 * @param load returns a page: `{items: [{name, size, image_backup_id, last_modified}], marker}`; takes the marker
 * @param onImport imports an archive by its name
 */
export function archivesPart(load, onImport) {
  const content = h('div', { class: 'row-foot-body' });
  const show = async () => {
    fill(content, loadingRows(1));
    try {
      const first = await load();
      fill(content, first.items.length === 0 ? h('p', { class: 'muted' }, words.none) : pages(first, load, onImport));
    } catch (error) {
      fill(content, failedState(error, show));
    }
  };
  return h('details', { class: 'row-foot', ontoggle: (event) => event.target.open && show() }, h('summary', {}, words.show), content);
}

function pages(first, load, onImport) {
  const list = h('ul', { class: 'objects' });
  const more = h('button', { type: 'button', class: 'button small-button' }, words.more);
  const add = ({ items, marker }) => {
    list.append(...items.map((archive) => archiveRow(archive, onImport)));
    more.hidden = !marker;
    more.onclick = async () => {
      more.disabled = true;
      try {
        add(await load(marker));
      } catch (error) {
        toast(error.message, 'error');
      }
      more.disabled = false;
    };
  };
  add(first);
  return [list, more];
}

function archiveRow(archive, onImport) {
  return h('li', {},
    h('code', { class: 'break' }, archive.name),
    archive.image_backup_id === null
      ? h('span', { class: 'badge', 'data-tone': 'warn' }, words.unrecorded)
      : h('a', { href: `#/backups/${archive.image_backup_id}` }, words.recorded(archive.image_backup_id)),
    h('span', { class: 'muted nowrap' }, bytes(archive.size)),
    ageTag(archive.last_modified),
    session.may('member')
      ? h('button', { type: 'button', class: 'button small-button', 'aria-label': words.importOf(archive.name), onclick: () => onImport(archive.name) }, words.import)
      : null);
}
