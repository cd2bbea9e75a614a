// The operations on image backups, each as a form.
import { api } from './api.js';
import { requests } from './requests.js';
import { bucketInput, given, nodeSelect, options, searchSelect, SHOWN } from './choices.js';
import { checkbox, choice, field, formDialog, textInput } from './dialogs.js';
import { announce, h, toast } from './dom.js';
import { actionWord, isTransient, stateWord } from './format.js';
import { findImportable, importFields } from './import-fields.js';
import { session } from './session.js';
import { texts } from './texts.js';

const words = texts.operations;

function started(word) {
  return (answer) => {
    const id = answer['image-backup'].backup_id;
    announce(words.started(word, id));
    location.hash = `#/backups/${id}`;
    window.dispatchEvent(new CustomEvent('imagebackup:changed'));
  };
}

function backupName(image) {
  return image ? `${image.name ?? 'image'}-${new Date().toISOString().slice(0, 10)}` : '';
}

/** Opens the export form for one image, or with a choice of all images. */
export async function exportDialog(image) {
  const own = words.export;
  const findImages = (name) => api.images({ name, status: 'active', limit: SHOWN });
  const [images, nodes, buckets] = await options(image ? { items: [image], marker: null } : findImages(), api.nodes(), api.buckets());
  const source = searchSelect(own.image, 'src_image_id', images, findImages, (item) => [item.id, item.name ?? item.id], { chosen: image?.id });
  const name = textInput('name', { maxlength: '255', required: true });
  const suggestName = () => {
    name.value = name.typed ? name.value : backupName(source.items.find((item) => item.id === source.value));
  };
  name.addEventListener('input', () => { name.typed = true; });
  source.addEventListener('change', suggestName);
  suggestName();
  const description = textInput('description', { maxlength: '255' });
  const node = nodeSelect('backup_host', nodes, own.anyNode);
  const compression = choice(own.compression, 'compression', own.compressions, 'True');
  const upload = checkbox('upload_to_cos', own.upload, true, own.uploadHint);
  const bucket = bucketInput('cos_bucket', buckets);
  const bucketField = field(words.bucket, bucket, words.bucketHint);
  const uploads = upload.querySelector('input');
  uploads.addEventListener('change', () => {
    bucketField.hidden = !uploads.checked;
  });
  formDialog({
    title: own.title,
    intro: own.intro,
    fields: [field(own.image, source), field(own.name, name), field(words.description, description, words.optional), field(words.node, node), compression, upload, bucketField],
    submit: own.submit,
    request: () => requests.exportImage(given({
      name: name.value,
      description: description.value,
      src_image_id: source.value,
      backup_host: node.value,
      upload_to_cos: uploads.checked ? 'True' : 'False',
      compression: compression.querySelector('input:checked').value,
      cos_bucket: uploads.checked ? bucket.value.trim() : '',
    })),
    done: started(texts.actions.export),
  });
}

/**
 * Opens the import form with its sources.
 * @param preset values that are already known: `backup`, or `source` with `bucket`, `ova` or `node`
 */
export async function importDialog(preset = {}) {
  const own = words.import;
  const [backups, nodes, buckets, templates] = await options(
    preset.backup ? { items: [preset.backup], marker: null } : findImportable(), api.nodes(), api.buckets(), api.templates());
  const form = importFields(preset, backups, nodes, buckets, templates.items);
  const { refresh } = formDialog({
    title: preset.backup ? own.titleOf(preset.backup.name) : own.title,
    intro: preset.backup ? own.intro : null,
    fields: form.fields,
    submit: own.submit,
    request: () => requests.importImage(form.read()),
    done: started(texts.actions.import),
  });
  form.whenChanged(refresh);
}

async function uploadDialog(backup) {
  const [buckets] = await options(api.buckets());
  const bucket = bucketInput('cos_bucket', buckets, { value: backup.cos_bucket ?? '' });
  formDialog({
    title: words.upload.title(backup.name),
    intro: words.upload.intro(backup.ova_name ?? ''),
    fields: [field(words.bucket, bucket, words.bucketHint)],
    submit: words.upload.submit,
    request: () => requests.upload(backup.id, bucket.value.trim()),
    done: started(texts.actions.upload),
  });
}

async function downloadDialog(backup) {
  const [nodes] = await options(api.nodes());
  const node = nodeSelect('backup_host', nodes, words.download.ownNode);
  formDialog({
    title: words.download.title(backup.name),
    intro: words.download.intro(backup.ova_name ?? '', backup.cos_bucket ?? ''),
    fields: [field(words.node, node)],
    submit: words.download.submit,
    request: () => requests.download(backup.id, node.value),
    done: started(texts.actions.download),
  });
}

function verifyDialog(backup) {
  formDialog({
    title: words.verify.title(backup.name),
    intro: words.verify.intro,
    submit: words.verify.submit,
    request: () => requests.verify(backup.id),
    done: started(texts.actions.verify),
  });
}

async function retryDialog(backup) {
  let last;
  try {
    [last] = (await api.operations(backup.id)).items;
  } catch (error) {
    toast(error.message, 'error');
    return;
  }
  formDialog({
    title: words.retry.title(actionWord(last.action).toLowerCase(), backup.name),
    intro: [words.retry.intro, backup.fail_reason].filter(Boolean).join(' '),
    submit: words.retry.action,
    danger: last.action === 'delete',
    request: () => requests.retry(backup.id),
    done: started(words.retry.action),
  });
}

function resetDialog(backup) {
  formDialog({
    title: words.reset.title(backup.name),
    intro: words.reset.intro(stateWord(backup.status).toLowerCase()),
    submit: words.reset.action,
    danger: true,
    request: () => requests.reset(backup.id),
    done: () => changed(words.reset.done(backup.name)),
  });
}

function deleteDialog(backup) {
  const own = words.delete;
  const isForced = isTransient(backup.status) && session.may('admin');
  const sure = isForced ? checkbox('force', own.force, false, own.forceHint(stateWord(backup.status).toLowerCase())) : null;
  formDialog({
    title: own.title(backup.name),
    intro: own.intro([backup.ova_name ? own.file(backup.ova_name) : own.archive, backup.cos_bucket ? own.object(backup.cos_bucket) : null].filter(Boolean)),
    fields: [sure],
    submit: texts.lists.delete,
    danger: true,
    request: () => requests.remove(backup.id, sure?.querySelector('input').checked ?? false),
    done: () => changed(own.done(backup.name)),
  });
}

function changed(text) {
  toast(text);
  window.dispatchEvent(new CustomEvent('imagebackup:changed'));
}

/** A failed upload is retried by an upload, which can also name another bucket. */
function canRetry(backup) {
  return Boolean(backup.fail_reason && backup.task_id) && !isTransient(backup.status) && backup.status !== 'upload_failed';
}

/** Returns the operations that the service and the user's role allow for a backup in its present status, in the order of use. */
export function operationsFor(backup) {
  const { status } = backup;
  const upload = { on: ['available', 'uploaded', 'upload_failed'], text: words.upload.action, run: () => uploadDialog(backup) };
  const isUploadFirst = status === 'upload_failed';
  return [
    isUploadFirst ? upload : null,
    { on: canRetry(backup) ? [status] : [], text: words.retry.action, run: () => retryDialog(backup) },
    { on: ['available', 'uploaded', 'upload_failed', 'download_failed'], text: words.import.action, run: () => importDialog({ backup }) },
    isUploadFirst ? null : upload,
    { on: ['uploaded', 'download_failed'], text: words.download.action, run: () => downloadDialog(backup) },
    { on: ['available', 'uploaded', 'upload_failed'], text: words.verify.action, run: () => verifyDialog(backup) },
    { on: isTransient(status) ? [status] : [], role: 'admin', text: words.reset.action, run: () => resetDialog(backup), danger: true },
    { on: isTransient(status) && !session.may('admin') ? [] : [status], text: texts.lists.delete, run: () => deleteDialog(backup), danger: true },
  ].filter((operation) => operation?.on.includes(status) && session.may(operation.role ?? 'member'));
}

/** Returns the buttons above lists of backups. */
export function startButtons() {
  return session.may('member')
    ? [
      h('button', { type: 'button', class: 'button primary', onclick: () => exportDialog() }, words.export.title),
      h('button', { type: 'button', class: 'button', onclick: () => importDialog() }, words.import.action),
    ]
    : null;
}
