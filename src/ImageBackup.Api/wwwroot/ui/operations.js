// The operations on image backups, each as a form.
import { api, requests } from './api.js';
import { bucketInput, given, nodeSelect, options, searchSelect, SHOWN } from './choices.js';
import { checkbox, choice, field, formDialog, textInput } from './dialogs.js';
import { announce, h, toast } from './dom.js';
import { isTransient, stateWord } from './format.js';
import { findImportable, importFields } from './import-fields.js';
import { texts } from './texts.js';

function goTo(id) {
  location.hash = `#/backups/${id}`;
}

function started(word) {
  return (answer) => {
    const id = answer['image-backup'].backup_id;
    announce(`${word} started as image backup ${id}.`);
    goTo(id);
    window.dispatchEvent(new CustomEvent('imagebackup:changed'));
  };
}

function backupName(image) {
  return image ? `${image.name ?? 'image'}-${new Date().toISOString().slice(0, 10)}` : '';
}

/** Opens the export form for one image, or with a choice of all images. */
export async function exportDialog(image) {
  const findImages = (name) => api.images({ name, status: 'active', limit: SHOWN });
  const [images, nodes, buckets] = await options(image ? { items: [image], marker: null } : findImages(), api.nodes(), api.buckets());
  const source = searchSelect('Image', 'src_image_id', images, findImages, (item) => [item.id, item.name ?? item.id], { chosen: image?.id });
  const name = textInput('name', { maxlength: '255', required: true });
  const suggestName = () => {
    name.value = name.typed ? name.value : backupName(source.items.find((item) => item.id === source.value));
  };
  name.addEventListener('input', () => { name.typed = true; });
  source.addEventListener('change', suggestName);
  suggestName();
  const description = textInput('description', { maxlength: '255' });
  const node = nodeSelect('backup_host', nodes, 'The first node that is up');
  const compression = choice('Compression', 'compression', [
    ['True', 'gzip', 'Smallest archive'],
    ['Fast', 'Fast', 'pigz: all cores, slightly larger'],
    ['False', 'None', 'Only if the node and the service allow it'],
  ], 'True');
  const upload = checkbox('upload_to_cos', 'Upload to Cloud Object Storage', true, 'The archive also stays on the node.');
  const bucket = bucketInput('cos_bucket', buckets);
  const bucketField = field('Bucket', bucket, "Empty: the node's bucket, or the service's default bucket.");
  const uploads = upload.querySelector('input');
  uploads.addEventListener('change', () => {
    bucketField.hidden = !uploads.checked;
  });
  formDialog({
    title: 'Export an image',
    intro: 'The service clones the volumes, packs them into one OVA on a backup node, and optionally uploads it.',
    fields: [field('Image', source), field('Name of the backup', name), field('Description', description, 'Optional.'), field('Backup node', node), compression, upload, bucketField],
    submit: 'Start the export',
    request: () => requests.exportImage(given({
      name: name.value,
      description: description.value,
      src_image_id: source.value,
      backup_host: node.value,
      upload_to_cos: uploads.checked ? 'True' : 'False',
      compression: compression.querySelector('input:checked').value,
      cos_bucket: uploads.checked ? bucket.value.trim() : '',
    })),
    done: started('Export'),
  });
}

/**
 * Opens the import form with its sources.
 * @param preset values that are already known: `backup`, or `source` with `bucket`, `ova` or `node`
 */
export async function importDialog(preset = {}) {
  const [backups, nodes, buckets, templates] = await options(
    preset.backup ? { items: [preset.backup], marker: null } : findImportable(), api.nodes(), api.buckets(), api.templates());
  const form = importFields(preset, backups, nodes, buckets, templates.items);
  const { refresh } = formDialog({
    title: preset.backup ? `Import ${preset.backup.name}` : 'Import an image',
    intro: preset.backup ? 'The service creates a new image from the archive. It downloads the archive from its bucket if necessary.' : null,
    fields: form.fields,
    submit: 'Start the import',
    request: () => requests.importImage(form.read()),
    done: started('Import'),
  });
  form.whenChanged(refresh);
}

async function uploadDialog(backup) {
  const [buckets] = await options(api.buckets());
  const bucket = bucketInput('cos_bucket', buckets, { value: backup.cos_bucket ?? '' });
  formDialog({
    title: `Upload ${backup.name}`,
    intro: `The service uploads the archive ${backup.ova_name ?? ''} from its node to a bucket.`,
    fields: [field('Bucket', bucket, "Empty: the node's bucket, or the service's default bucket.")],
    submit: 'Start the upload',
    request: () => requests.upload(backup.id, bucket.value.trim()),
    done: started('Upload'),
  });
}

async function downloadDialog(backup) {
  const [nodes] = await options(api.nodes());
  const node = nodeSelect('backup_host', nodes, 'The node that it came from');
  formDialog({
    title: `Download ${backup.name}`,
    intro: `The service downloads the archive ${backup.ova_name ?? ''} from the bucket ${backup.cos_bucket ?? ''} to a node.`,
    fields: [field('Backup node', node)],
    submit: 'Start the download',
    request: () => requests.download(backup.id, node.value),
    done: started('Download'),
  });
}

function verifyDialog(backup) {
  formDialog({
    title: `Verify ${backup.name}`,
    intro: 'The service reads the archive and compares every digest. It restores and changes nothing.',
    submit: 'Start the verification',
    request: () => requests.verify(backup.id),
    done: started('Verification'),
  });
}

function retryDialog(backup) {
  formDialog({
    title: texts.retry.title(backup.name),
    intro: [texts.retry.intro, backup.fail_reason].filter(Boolean).join(' '),
    submit: texts.retry.submit,
    request: () => requests.retry(backup.id),
    done: started(texts.retry.word),
  });
}

function resetDialog(backup) {
  formDialog({
    title: `Reset ${backup.name}?`,
    intro: `Its status is ${stateWord(backup.status).toLowerCase()}. The running operation stops and cleans up, and the status becomes error.`,
    submit: 'Reset to error',
    danger: true,
    request: () => requests.reset(backup.id),
    done: () => changed(`${backup.name} was reset.`),
  });
}

function deleteDialog(backup) {
  const busy = isTransient(backup.status);
  const sure = busy
    ? checkbox('force', 'Stop the running operation and delete by force', false, `Its status is ${stateWord(backup.status).toLowerCase()}; without force the service refuses.`)
    : null;
  const what = [backup.ova_name ? `the file ${backup.ova_name}` : 'its archive', backup.cos_bucket ? `the object in ${backup.cos_bucket}` : null].filter(Boolean).join(' and ');
  formDialog({
    title: `Delete ${backup.name}?`,
    intro: `This removes the record, and ${what} if this service wrote it. You cannot undo it. Images that were imported from it stay.`,
    fields: [sure],
    submit: 'Delete',
    danger: true,
    request: () => requests.remove(backup.id, sure?.querySelector('input').checked ?? false),
    done: () => changed(`${backup.name} is being deleted.`),
  });
}

function changed(text) {
  toast(text);
  window.dispatchEvent(new CustomEvent('imagebackup:changed'));
}

/** A failed upload is retried by an upload, which also can name another bucket. */
function canRetry(backup) {
  return Boolean(backup.fail_reason && backup.task_id) && !isTransient(backup.status) && backup.status !== 'upload_failed';
}

/** Returns the operations that the service allows for a backup in its present status, in the order of use. */
export function operationsFor(backup) {
  const { status } = backup;
  const upload = { on: ['available', 'uploaded', 'upload_failed'], text: 'Upload', run: () => uploadDialog(backup) };
  const all = [
    ...status === 'upload_failed' ? [upload] : [],
    ...canRetry(backup) ? [{ on: [status], text: texts.retry.action, run: () => retryDialog(backup) }] : [],
    { on: ['available', 'uploaded', 'upload_failed', 'download_failed'], text: 'Import', run: () => importDialog({ backup }) },
    ...status === 'upload_failed' ? [] : [upload],
    { on: ['uploaded', 'download_failed'], text: 'Download', run: () => downloadDialog(backup) },
    { on: ['available', 'uploaded', 'upload_failed'], text: 'Verify', run: () => verifyDialog(backup) },
  ].filter((operation) => operation.on.includes(status));
  if (isTransient(status)) {
    all.push({ text: 'Reset to error', run: () => resetDialog(backup), danger: true });
  }
  all.push({ text: 'Delete', run: () => deleteDialog(backup), danger: true });
  return all;
}

/** Returns the buttons above lists of backups. */
export function startButtons() {
  return [
    h('button', { type: 'button', class: 'button primary', onclick: () => exportDialog() }, 'Export an image'),
    h('button', { type: 'button', class: 'button', onclick: () => importDialog() }, 'Import'),
  ];
}
