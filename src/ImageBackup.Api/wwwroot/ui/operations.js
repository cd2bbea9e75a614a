// What can be done with image backups, each as a form.
import { api, requests } from './api.js';
import { bucketNames, given, nodeOptions, options } from './choices.js';
import { checkbox, choice, field, formDialog, select, suggestInput, textInput } from './dialogs.js';
import { announce, h, toast } from './dom.js';
import { isTransient, stateWord } from './format.js';

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

/** Export: an image, or with none given a choice of all. */
export async function exportDialog(image) {
  const [images, nodes, buckets] = await options(image ? { items: [image] } : api.images(), api.nodes(), api.buckets());
  const items = (images.items ?? []).filter((item) => item.status === 'active' || item === image);
  const source = select('src_image_id', items.map((item) => [item.id, item.name ?? item.id]), image?.id);
  const name = textInput('name', { maxlength: '255', required: true });
  const suggestName = () => {
    name.value = name.typed ? name.value : backupName(items.find((item) => item.id === source.value));
  };
  name.addEventListener('input', () => { name.typed = true; });
  source.addEventListener('change', suggestName);
  suggestName();
  const description = textInput('description', { maxlength: '255' });
  const node = select('backup_host', nodeOptions(nodes, 'The first that is up'));
  const compression = choice('Compression', 'compression', [
    ['True', 'gzip', 'Smallest archive'],
    ['Fast', 'Fast', 'pigz: every core, a little larger'],
    ['False', 'None', 'Only where the node and the service allow it'],
  ], 'True');
  const upload = checkbox('upload_to_cos', 'Upload to Cloud Object Storage', true, 'The archive stays on the node too.');
  const bucket = suggestInput('cos_bucket', bucketNames(buckets));
  const bucketField = field('Bucket', bucket, "Empty: the node's own bucket, else the service's default.");
  const uploads = upload.querySelector('input');
  uploads.addEventListener('change', () => {
    bucketField.hidden = !uploads.checked;
  });
  formDialog({
    title: 'Export an image',
    intro: 'The volumes are cloned, packed into one OVA on a backup node, and, if you like, uploaded.',
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
 * Import in its four ways.
 * @param preset what is known already: `backup`, or `source` with `bucket`, `ova` or `node`
 */
export async function importDialog(preset = {}) {
  const [backups, nodes, buckets, templates] = await options(
    preset.backup ? { items: [preset.backup] } : api.backups({ limit: 200 }), api.nodes(), api.buckets(), api.templates());
  const importable = (backups.items ?? []).filter((backup) => !isTransient(backup.status) && backup.status !== 'error');
  const form = importFields(preset, importable, nodes, buckets, templates);
  const { refresh } = formDialog({
    title: preset.backup ? `Import ${preset.backup.name}` : 'Import an image',
    intro: preset.backup ? 'A new image is made of the archive; it is fetched from its bucket first where that is needed.' : null,
    fields: form.fields,
    submit: 'Start the import',
    request: () => requests.importImage(form.read()),
    done: started('Import'),
  });
  form.whenChanged(refresh);
}

function importFields(preset, importable, nodes, buckets, templates) {
  const source = preset.backup ? 'backup' : preset.source ?? 'backup';
  const sources = choice('From where', 'source', [
    ['backup', 'An image backup', 'By its id'],
    ['node', 'An OVA on a node', 'It lies there already'],
    ['bucket', 'An OVA in a bucket', 'It is downloaded first'],
    ['raw', 'A raw disk on a node', 'One disk, no archive'],
  ], source);
  const backup = select('image_backup_id', importable.map((item) => [item.id, `${item.name} (${item.id}, ${stateWord(item.status)})`]), preset.backup?.id);
  const ova = suggestInput('ova_name', [], { value: preset.ova ?? '', placeholder: 'Export-Image-to-Backup_node_29.ova' });
  const bucket = suggestInput('cos_bucket', bucketNames(buckets), { value: preset.bucket ?? '' });
  const os = select('os_type', ['aix', 'ibmi', 'rhel', 'coreos', 'ubuntu'].map((word) => [word, word]), 'rhel');
  const architecture = select('architecture', [['ppc64le', 'ppc64le'], ['ppc64', 'ppc64']]);
  const name = textInput('name', { maxlength: '255', required: true, value: preset.backup?.image_name ?? preset.backup?.name ?? '' });
  const description = textInput('description', { maxlength: '255' });
  const node = select('backup_host', nodeOptions(nodes, 'Where the archive is, else the first that is up'), preset.node);
  const template = select('volume_type', [['', 'The default one'], ...templates.map((type) => [type.id, type.name])]);
  const shown = {
    backup: field('Image backup', backup, importable.length ? null : 'There is none that could be imported.'),
    bucket: field('Bucket', bucket),
    ova: field('File name', ova, 'As it is called there; an archive ends in .ova or .ova.gz.'),
    os: field('Operating system', os),
    architecture: field('Architecture', architecture),
  };
  const chosen = () => (preset.backup ? 'backup' : sources.querySelector('input:checked').value);
  const arrange = () => {
    const from = chosen();
    shown.backup.hidden = from !== 'backup' || Boolean(preset.backup);
    shown.bucket.hidden = from !== 'bucket';
    shown.ova.hidden = from === 'backup';
    shown.os.hidden = from !== 'raw';
    shown.architecture.hidden = from !== 'raw';
  };
  sources.addEventListener('change', arrange);
  arrange();
  const suggest = async () => {
    const registered = buckets.find((item) => item.bucket_name === bucket.value.trim());
    const [objects] = registered ? await options(api.bucketImages(registered.id)) : [[]];
    ova.suggestions.show(objects.map((object) => object.name));
  };
  bucket.addEventListener('change', suggest);
  return {
    fields: [preset.backup ? null : sources, shown.backup, shown.bucket, shown.ova, shown.os, shown.architecture,
      ova.suggestions, bucket.suggestions,
      field('Name of the image', name), field('Description', description, 'Optional.'),
      field('Backup node', node), field('Storage template', template)],
    whenChanged: (refresh) => sources.addEventListener('change', refresh),
    read() {
      const from = chosen();
      return given({
        name: name.value,
        description: description.value,
        volume_type: template.value,
        image_backup_id: from === 'backup' ? Number(backup.value) || '' : '',
        backup_host: node.value,
        import_from_raw_file: from === 'raw' ? true : '',
        os_type: from === 'raw' ? os.value : '',
        architecture: from === 'raw' ? architecture.value : '',
        ova_name: from === 'backup' ? '' : ova.value.trim(),
        cos_bucket: from === 'bucket' ? bucket.value.trim() : '',
      });
    },
  };
}

async function uploadDialog(backup) {
  const [buckets] = await options(api.buckets());
  const bucket = suggestInput('cos_bucket', bucketNames(buckets), { value: backup.cos_bucket ?? '' });
  formDialog({
    title: `Upload ${backup.name}`,
    intro: `The archive ${backup.ova_name ?? ''} goes from its node to a bucket.`,
    fields: [field('Bucket', bucket, "Empty: the node's own bucket, else the service's default."), bucket.suggestions],
    submit: 'Start the upload',
    request: () => requests.upload(backup.id, bucket.value.trim()),
    done: started('Upload'),
  });
}

async function downloadDialog(backup) {
  const [nodes] = await options(api.nodes());
  const node = select('backup_host', nodeOptions(nodes, 'The node it came from'), '');
  formDialog({
    title: `Download ${backup.name}`,
    intro: `The archive ${backup.ova_name ?? ''} comes from the bucket ${backup.cos_bucket ?? ''} to a node.`,
    fields: [field('Backup node', node)],
    submit: 'Start the download',
    request: () => requests.download(backup.id, node.value),
    done: started('Download'),
  });
}

function verifyDialog(backup) {
  formDialog({
    title: `Verify ${backup.name}`,
    intro: 'The archive is read where it lies and every digest compared. Nothing is restored or changed.',
    submit: 'Start the verification',
    request: () => requests.verify(backup.id),
    done: started('Verification'),
  });
}

function resetDialog(backup) {
  formDialog({
    title: `Reset ${backup.name}?`,
    intro: `It is ${stateWord(backup.status).toLowerCase()} now. The running work stops, cleans up after itself, and the backup is left in the state error.`,
    submit: 'Reset to error',
    danger: true,
    request: () => requests.reset(backup.id),
    done: () => changed(`${backup.name} was reset.`),
  });
}

function deleteDialog(backup) {
  const busy = isTransient(backup.status);
  const sure = busy
    ? checkbox('force', 'Stop the running work and delete by force', false, `It is ${stateWord(backup.status).toLowerCase()} now; without force the service refuses.`)
    : null;
  const what = [backup.ova_name ? `the archive ${backup.ova_name}` : 'its archive', backup.cos_bucket ? `the object in ${backup.cos_bucket}` : null, 'and the record'].filter(Boolean).join(', ');
  formDialog({
    title: `Delete ${backup.name}?`,
    intro: `This removes ${what}. It can't be undone. Images that were imported from it stay.`,
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

/** What the service lets one do with a backup in its present state, in the order of use. */
export function operationsFor(backup) {
  const { status } = backup;
  const all = [
    { on: ['available', 'uploaded', 'upload_failed', 'download_failed'], text: 'Import', run: () => importDialog({ backup }) },
    { on: ['available', 'uploaded', 'upload_failed'], text: 'Upload', run: () => uploadDialog(backup) },
    { on: ['uploaded', 'download_failed'], text: 'Download', run: () => downloadDialog(backup) },
    { on: ['available', 'uploaded', 'upload_failed'], text: 'Verify', run: () => verifyDialog(backup) },
  ].filter((operation) => operation.on.includes(status));
  if (isTransient(status)) {
    all.push({ text: 'Reset to error', run: () => resetDialog(backup), danger: true });
  }
  all.push({ text: 'Delete', run: () => deleteDialog(backup), danger: true });
  return all;
}

/** The buttons above lists of backups. */
export function startButtons() {
  return [
    h('button', { type: 'button', class: 'button primary', onclick: () => exportDialog() }, 'Export an image'),
    h('button', { type: 'button', class: 'button', onclick: () => importDialog() }, 'Import'),
  ];
}
