// Uploads and deletes images.
import { uploadFile } from './api.js';
import { perform, requests } from './requests.js';
import { given } from './choices.js';
import { field, formDialog, select, taskDialog, textInput } from './dialogs.js';
import { fill, h, toast } from './dom.js';
import { bytes } from './format.js';
import { bar } from './parts.js';
import { texts } from './texts.js';

const words = texts.images;
const FORMATS = ['raw', 'qcow2', 'vmdk', 'vhd', 'vhdx', 'vdi'];

function changed(text) {
  toast(text);
  window.dispatchEvent(new CustomEvent('imagebackup:changed'));
}

/** A new image from a disk on the user's machine. */
export function uploadImageDialog() {
  const file = h('input', { type: 'file', name: 'file', required: true });
  const name = textInput('name', { maxlength: '255', required: true });
  const format = select('disk_format', FORMATS.map((word) => [word, word]));
  const system = select('os_distro', [['', texts.words.unknown], ...['aix', 'ibmi', 'rhel', 'coreos', 'ubuntu', 'sles'].map((word) => [word, word])]);
  const architecture = select('architecture', [['', texts.words.unknown], ['ppc64le', 'ppc64le'], ['ppc64', 'ppc64']]);
  const progress = bar(words.uploading);
  const line = h('p', { class: 'muted small' });
  const state = h('div', { hidden: true }, progress, line);
  const abort = new AbortController();
  file.addEventListener('change', () => {
    const [stem, ...extensions] = (file.files[0]?.name ?? '').split('.');
    name.value ||= stem;
    format.value = FORMATS.find((word) => extensions.includes(word)) ?? (extensions.includes('vhd') ? 'vhd' : 'raw');
  });
  const dialog = taskDialog(words.uploadTitle, {
    fields: [
      h('p', { class: 'muted' }, words.uploadIntro),
      field(words.file, file, words.fileHint), field(words.name, name), field(words.format, format),
      h('div', { class: 'pair' }, field(words.system, system), field(words.architecture, architecture)), state,
    ],
    submit: words.uploadSubmit,
    async run() {
      if (!file.files[0]) {
        throw new Error(words.noFile);
      }
      state.hidden = false;
      const image = await perform(requests.createImage(given({
        name: name.value.trim(), disk_format: format.value, container_format: 'bare', os_distro: system.value, architecture: architecture.value,
      })));
      try {
        await uploadFile(image.id, file.files[0], (done, total) => {
          progress.show((done / total) * 100);
          fill(line, texts.figures.amount(bytes(done), bytes(total)));
        }, abort.signal);
      } catch (error) {
        state.hidden = true;
        await perform(requests.removeImage(image.id)).catch(() => {});
        throw error;
      }
      changed(words.uploaded(name.value));
    },
  });
  dialog.addEventListener('close', () => abort.abort());
}

export function removeImageDialog(image) {
  formDialog({
    title: words.removeTitle(image.name ?? image.id),
    intro: words.removeIntro,
    submit: texts.lists.delete,
    danger: true,
    request: () => requests.removeImage(image.id),
    done: () => changed(words.removed(image.name ?? image.id)),
  });
}
