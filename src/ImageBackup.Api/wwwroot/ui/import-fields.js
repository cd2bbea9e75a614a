// The fields of the import form.
import { api } from './api.js';
import { bucketInput, given, nodeSelect, options, searchSelect, SHOWN } from './choices.js';
import { choice, field, select, suggestInput, textInput } from './dialogs.js';
import { isTransient, stateWord } from './format.js';
import { texts } from './texts.js';

const words = texts.import;

const isUrl = (source) => source === 'url' || source === 'raw-url';
const isDisk = (source) => source === 'raw' || source === 'raw-url';

/** Returns image backups that can be imported; with `name`, those whose name contains it. */
export async function findImportable(name) {
  const found = await api.backups({ name, limit: SHOWN });
  return { ...found, items: found.items.filter((backup) => !isTransient(backup.status) && backup.status !== 'error') };
}

/** Returns the fields of the import form, which the chosen source shows or hides, and a function that reads them. */
export function importFields(preset, backups, nodes, buckets, templates) {
  const source = preset.backup ? 'backup' : preset.source ?? 'backup';
  const sources = choice(words.source, 'source', words.sources, source);
  const backup = searchSelect(words.backup, 'image_backup_id', backups, findImportable,
    (item) => [String(item.id), `${item.name} (${item.id}, ${stateWord(item.status)})`], { chosen: preset.backup ? String(preset.backup.id) : '' });
  const ova = suggestInput('ova_name', [], { value: preset.ova ?? '', placeholder: 'Export-Image-to-Backup_node_29.ova' });
  const bucket = bucketInput('cos_bucket', buckets, { value: preset.bucket ?? '' });
  const url = textInput('source_url', { type: 'url', maxlength: '2048', placeholder: 'https://mirror.example/images/rhel.ova' });
  const checksum = textInput('checksum', { maxlength: '71', placeholder: 'sha256:…' });
  const os = select('os_type', [['', texts.words.unknown], ...['aix', 'ibmi', 'rhel', 'coreos', 'ubuntu', 'sles'].map((word) => [word, word])]);
  const architecture = select('architecture', [['', texts.words.unknown], ['ppc64le', 'ppc64le'], ['ppc64', 'ppc64']]);
  const name = textInput('name', { maxlength: '255', required: true, value: preset.backup?.image_name ?? preset.backup?.name ?? '' });
  const description = textInput('description', { maxlength: '255' });
  const node = nodeSelect('backup_host', nodes, words.anyNode, preset.node);
  const template = select('volume_type', [['', words.defaultTemplate], ...templates.map((type) => [type.id, type.name])]);
  const shown = {
    backup: field(words.backup, backup, backups.items.length ? null : words.noBackup),
    bucket: field(texts.operations.bucket, bucket),
    url: field(words.url, url, words.urlHint),
    checksum: field(words.checksum, checksum, words.checksumHint),
    ova: field(words.file, ova, words.fileHint),
    os: field(texts.images.system, os),
    architecture: field(texts.images.architecture, architecture),
  };
  const chosen = () => (preset.backup ? 'backup' : sources.querySelector('input:checked').value);
  const arrange = () => {
    const from = chosen();
    shown.backup.hidden = from !== 'backup' || Boolean(preset.backup);
    shown.bucket.hidden = from !== 'bucket';
    shown.url.hidden = !isUrl(from);
    shown.checksum.hidden = !isUrl(from);
    shown.ova.hidden = from === 'backup' || isUrl(from);
    shown.os.hidden = !isDisk(from);
    shown.architecture.hidden = !isDisk(from);
  };
  sources.addEventListener('change', arrange);
  arrange();
  const suggest = async () => {
    const registered = bucket.buckets.find((item) => item.bucket_name === bucket.value.trim());
    const [objects] = registered ? await options(api.bucketImages(registered.id)) : [[]];
    ova.suggestions.show((objects.items ?? []).map((object) => object.name));
  };
  bucket.addEventListener('change', suggest);
  return {
    fields: [preset.backup ? null : sources, shown.backup, shown.bucket, shown.url, shown.checksum, shown.ova, shown.os, shown.architecture,
      field(words.name, name), field(texts.operations.description, description, texts.operations.optional),
      field(texts.operations.node, node), field(words.template, template)],
    whenChanged: (refresh) => sources.addEventListener('change', refresh),
    read() {
      const from = chosen();
      return given({
        name: name.value,
        description: description.value,
        volume_type: template.value,
        image_backup_id: from === 'backup' ? Number(backup.value) || '' : '',
        backup_host: node.value,
        import_from_raw_file: isDisk(from) ? true : '',
        os_type: isDisk(from) ? os.value : '',
        architecture: isDisk(from) ? architecture.value : '',
        ova_name: from === 'backup' || isUrl(from) ? '' : ova.value.trim(),
        source_url: isUrl(from) ? url.value.trim() : '',
        checksum: isUrl(from) ? checksum.value.trim() : '',
        cos_bucket: from === 'bucket' ? bucket.value.trim() : '',
      });
    },
  };
}
