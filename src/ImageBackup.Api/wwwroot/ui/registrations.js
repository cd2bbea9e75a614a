// Registers, changes and removes backup nodes and buckets. Secrets go to the service and are never shown again.
import { api, requests } from './api.js';
import { bucketInput, changed, given, options } from './choices.js';
import { checkbox, choice, field, formDialog, textInput } from './dialogs.js';
import { h, toast } from './dom.js';

function said(text) {
  toast(text);
  window.dispatchEvent(new CustomEvent('imagebackup:changed'));
}

function secretInput(name) {
  return h('input', { type: 'password', name, autocomplete: 'new-password' });
}

/** Two short fields side by side where there is room. */
function pair(...fields) {
  return h('div', { class: 'pair' }, fields);
}

/** A new node, or a change of one. */
export async function nodeDialog(node) {
  const [buckets] = await options(api.buckets());
  const name = textInput('display_name', { maxlength: '255', required: true, value: node?.display_name ?? '' });
  const address = textInput('access_ip', { required: true, value: node?.access_ip ?? '', placeholder: '192.0.2.10', spellcheck: 'false' });
  const id = textInput('backup_node_id', { maxlength: '64', placeholder: 'vm-2', spellcheck: 'false' });
  const bucket = bucketInput('cos_default', buckets, { value: node?.cos_default ?? '' });
  const fast = checkbox('fast_compression', 'Always compress', node?.fast_compression ?? false, 'Exports to this node always use fast compression.');
  const user = textInput('user_id', { value: node?.user_id ?? '', spellcheck: 'false' });
  const password = secretInput('password');
  const read = () => ({
    display_name: name.value.trim(),
    access_ip: address.value.trim(),
    cos_default: bucket.value.trim(),
    fast_compression: fast.querySelector('input').checked,
    user_id: user.value.trim(),
  });
  formDialog({
    title: node ? `Change ${node.display_name}` : 'Register a backup node',
    intro: node ? null : "Archives are stored in a directory below the service's data directory. The directory has the node's id as its name.",
    fields: [
      pair(field('Name', name), field('Address', address, 'An IP address or a host name.')),
      node ? null : field('Id', id, 'Requests use it as backup_host; it is also the name of the directory. Empty: the service chooses one. You cannot change it later.'),
      field('Bucket', bucket, "For exports that name no bucket. Empty: the service's default bucket."),
      fast,
      pair(field('User', user, 'Optional.'), field('Password', password, node ? 'Never shown. Empty: unchanged.' : 'Optional. Never shown again.')),
    ],
    submit: node ? 'Save' : 'Register',
    request: () => (node
      ? requests.changeNode(node.id, { ...changed(read(), node), ...given({ password: password.value }) })
      : requests.registerNode(given({ ...read(), backup_node_id: id.value.trim(), password: password.value }))),
    done: ({ backup_node: { registration } }) => said(`${registration.display_name} was ${node ? 'changed' : 'registered'}.`),
  });
}

export function removeNodeDialog(node) {
  formDialog({
    title: `Remove ${node.display_name}?`,
    intro: 'The registration is removed; files in its directory stay. The service refuses to remove a node that holds image backups.',
    submit: 'Remove',
    danger: true,
    request: () => requests.removeNode(node.id),
    done: () => said(`${node.display_name} was removed.`),
  });
}

const IBM = 'ibm';
const IBM_HMAC = 'ibm-hmac';
const S3 = 's3';

function storeOf(bucket) {
  if (bucket?.type !== 'ibm_cos') {
    return S3;
  }
  return bucket.credentials?.cos_resource_crn ? IBM : IBM_HMAC;
}

/** A new bucket, or a change of one. */
export function bucketDialog(bucket) {
  const name = textInput('name', { maxlength: '255', required: true, value: bucket?.name ?? '' });
  const bucketName = textInput('bucket_name', { maxlength: '63', required: true, value: bucket?.bucket_name ?? '', placeholder: 'bucket-1', spellcheck: 'false' });
  const renew = bucket ? checkbox('renew', 'Change store and keys', false, 'They change together, so enter the keys again.') : null;
  const store = credentialFields(bucket);
  const isRenewed = () => !renew || renew.querySelector('input').checked;
  const arrange = () => store.show(isRenewed());
  const { form, refresh } = formDialog({
    title: bucket ? `Change ${bucket.name}` : 'Register a bucket',
    intro: bucket ? null : 'The bucket must exist. The service checks it before it saves the registration.',
    fields: [
      pair(field('Name', name), field('Bucket', bucketName, 'Requests use it as cos_bucket.')),
      renew, store.fields,
    ],
    submit: bucket ? 'Save' : 'Register',
    request: () => {
      const fields = { name: name.value.trim(), bucket_name: bucketName.value.trim() };
      const kept = isRenewed() ? { type: store.type(), credentials: store.read() } : {};
      return bucket ? requests.changeBucket(bucket.id, { ...changed(fields, bucket), ...kept }) : requests.registerBucket({ ...given(fields), ...kept });
    },
    done: ({ cos }) => said(`${cos.name} was ${bucket ? 'changed' : 'registered'}.`),
  });
  form.addEventListener('change', () => {
    arrange();
    refresh();
  });
  arrange();
}

function credentialFields(bucket) {
  const present = bucket?.credentials ?? {};
  const kind = choice('Store', 'store', [
    [S3, 'S3', 'MinIO, Ceph, AWS, …'],
    [IBM, 'IBM, API key', 'Cloud Object Storage by IAM'],
    [IBM_HMAC, 'IBM, HMAC keys', 'Cloud Object Storage by S3'],
  ], storeOf(bucket));
  const endpoint = textInput('cos_endpoint', { required: true, value: present.cos_endpoint ?? '', placeholder: 'https://s3.example', spellcheck: 'false' });
  const access = textInput('access_key', { spellcheck: 'false' });
  const secret = secretInput('secret_key');
  const region = textInput('region', { value: present.region ?? '', placeholder: 'us-east-1', spellcheck: 'false' });
  const key = secretInput('cos_api_key_id');
  const crn = textInput('cos_resource_crn', { maxlength: '1024', value: present.cos_resource_crn ?? '', placeholder: 'crn:v1:bluemix:…', spellcheck: 'false' });
  const auth = textInput('cos_auth_endpoint', { value: present.cos_auth_endpoint ?? '', spellcheck: 'false' });
  const shared = [kind, field('Endpoint', endpoint, 'The URL of the store.')];
  const hmac = [pair(field('Access key', access), field('Secret key', secret, 'Never shown again.')), field('Region', region, 'Empty: us-east-1.')];
  const ibm = [field('API key', key, 'Never shown again.'), field('Resource CRN', crn), field('Token endpoint', auth, "Empty: IBM's.")];
  const chosen = () => kind.querySelector('input:checked').value;
  return {
    fields: [...shared, ...hmac, ...ibm],
    type: () => (chosen() === S3 ? 's3' : 'ibm_cos'),
    read: () => given(chosen() === IBM
      ? { cos_endpoint: endpoint.value.trim(), cos_api_key_id: key.value, cos_resource_crn: crn.value.trim(), cos_auth_endpoint: auth.value.trim() }
      : { cos_endpoint: endpoint.value.trim(), access_key: access.value, secret_key: secret.value, region: region.value.trim() }),
    show(isShown) {
      shared.forEach((part) => { part.hidden = !isShown; });
      hmac.forEach((part) => { part.hidden = !isShown || chosen() === IBM; });
      ibm.forEach((part) => { part.hidden = !isShown || chosen() !== IBM; });
    },
  };
}

export function removeBucketDialog(bucket) {
  formDialog({
    title: `Remove ${bucket.name}?`,
    intro: `The registration is removed; the bucket ${bucket.bucket_name} and its objects stay. The service refuses to remove a bucket that holds image backups.`,
    submit: 'Remove',
    danger: true,
    request: () => requests.removeBucket(bucket.id),
    done: () => said(`${bucket.name} was removed.`),
  });
}
