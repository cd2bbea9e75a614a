// Operations on several image backups at once.
import { api } from './api.js';
import { perform, requests } from './requests.js';
import { bucketInput, options } from './choices.js';
import { field, taskDialog } from './dialogs.js';
import { fill, h, toast } from './dom.js';
import { session } from './session.js';
import { texts } from './texts.js';

/** The names that a question shows. */
const MOST_NAMES = 8;

/** The selected image backups, and the bar with what can be done with them. */
export function selection() {
  const chosen = new Map();
  const boxes = new Map();
  const count = h('span', { class: 'selection-count', role: 'status' });
  const bar = h('div', { class: 'selection', hidden: true, role: 'region', 'aria-label': texts.bulk.region },
    count,
    [['verify', verify], ['upload', upload], ['remove', remove]].map(([name, run]) => h('button', {
      type: 'button',
      class: name === 'remove' ? 'button small-button danger-quiet' : 'button small-button',
      onclick: () => run([...chosen.values()], clear),
    }, texts.bulk[name].action)),
    h('button', { type: 'button', class: 'button small-button', onclick: clear }, texts.bulk.clear));

  function clear() {
    chosen.clear();
    for (const box of boxes.values()) {
      box.checked = false;
    }
    show();
  }

  function show() {
    bar.hidden = chosen.size === 0;
    fill(count, texts.bulk.count(chosen.size));
  }

  return {
    bar,
    /** Returns the check box of a row; null if the role allows no operations. */
    box(backup) {
      if (!session.may('member')) {
        return null;
      }
      const box = h('input', { type: 'checkbox', 'aria-label': texts.bulk.select(backup.name), checked: chosen.has(backup.id) });
      box.addEventListener('change', () => {
        box.checked ? chosen.set(backup.id, box.backup ?? backup) : chosen.delete(backup.id);
        show();
      });
      boxes.set(backup.id, box);
      return box;
    },
    /** Selects all shown rows, or none if all are selected. */
    toggleAll(backups) {
      const all = backups.every((backup) => chosen.has(backup.id));
      for (const backup of backups) {
        all ? chosen.delete(backup.id) : chosen.set(backup.id, backup);
        boxes.get(backup.id).checked = !all;
      }
      show();
    },
    /** Keeps what is selected in step with the rows. */
    update(backups) {
      for (const backup of backups) {
        const box = boxes.get(backup.id);
        if (box) {
          box.backup = backup;
        }
        if (chosen.has(backup.id)) {
          chosen.set(backup.id, backup);
        }
      }
      for (const id of [...boxes.keys()].filter((shown) => !backups.some((backup) => backup.id === shown))) {
        boxes.delete(id);
        chosen.delete(id);
      }
      show();
    },
  };
}

function question(words, backups, fields, request, done) {
  const names = backups.slice(0, MOST_NAMES).map((backup) => h('li', {}, backup.name));
  taskDialog(words.title(backups.length), {
    fields: [
      h('p', { class: 'muted' }, words.intro),
      h('ul', { class: 'names' }, names, backups.length > MOST_NAMES ? h('li', { class: 'muted' }, texts.bulk.more(backups.length - MOST_NAMES)) : null),
      fields,
    ],
    submit: words.submit,
    danger: words.danger,
    run: async () => {
      await sendAll(backups, request);
      done();
    },
  });
}

/** Sends the requests one after another. A refusal does not stop the others. */
async function sendAll(backups, request) {
  const refused = [];
  for (const backup of backups) {
    try {
      await perform(request(backup));
    } catch (error) {
      refused.push(`${backup.name}: ${error.message}`);
    }
  }
  if (backups.length > refused.length) {
    toast(texts.bulk.started(backups.length - refused.length));
  }
  if (refused.length > 0) {
    toast(texts.bulk.refused(refused.length, refused.slice(0, MOST_NAMES).join(' ')), 'error');
  }
  window.dispatchEvent(new CustomEvent('imagebackup:changed'));
}

function verify(backups, done) {
  question(texts.bulk.verify, backups, null, (backup) => requests.verify(backup.id), done);
}

async function upload(backups, done) {
  const [buckets] = await options(api.buckets());
  const bucket = bucketInput('cos_bucket', buckets);
  question(texts.bulk.upload, backups, field(texts.bulk.upload.bucket, bucket, texts.bulk.upload.bucketHint), (backup) => requests.upload(backup.id, bucket.value.trim()), done);
}

function remove(backups, done) {
  question(texts.bulk.remove, backups, null, (backup) => requests.remove(backup.id, false), done);
}
