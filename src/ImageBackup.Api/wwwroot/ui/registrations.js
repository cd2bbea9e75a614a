// Registers, changes and removes backup nodes and buckets. Secrets go to the service and are never shown again.
import { api } from './api.js';
import { requests } from './requests.js';
import { bucketInput, changed, given, options } from './choices.js';
import { checkbox, choice, field, formDialog, textInput } from './dialogs.js';
import { h, toast } from './dom.js';
import { texts } from './texts.js';

const { node: nodeWords, bucket: bucketWords } = texts.registrations;

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
  const fast = checkbox('fast_compression', nodeWords.fast, node?.fast_compression ?? false, nodeWords.fastHint);
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
    title: node ? texts.registrations.change(node.display_name) : nodeWords.title,
    intro: node ? null : nodeWords.intro,
    fields: [
      pair(field(texts.search.nameLabel, name), field(nodeWords.address, address, nodeWords.addressHint)),
      node ? null : field(nodeWords.id, id, nodeWords.idHint),
      field(texts.operations.bucket, bucket, nodeWords.bucketHint),
      fast,
      pair(field(texts.logIn.user, user, texts.operations.optional), field(texts.logIn.password, password, node ? nodeWords.keptPassword : nodeWords.newPassword)),
    ],
    submit: node ? texts.registrations.save : texts.registrations.register,
    request: () => (node
      ? requests.changeNode(node.id, { ...changed(read(), node), ...given({ password: password.value }) })
      : requests.registerNode(given({ ...read(), backup_node_id: id.value.trim(), password: password.value }))),
    done: ({ backup_node: { registration } }) => said((node ? texts.registrations.changed : texts.registrations.registered)(registration.display_name)),
  });
}

export function removeNodeDialog(node) {
  formDialog({
    title: texts.registrations.remove(node.display_name),
    intro: nodeWords.removeIntro,
    submit: texts.lists.remove,
    danger: true,
    request: () => requests.removeNode(node.id),
    done: () => said(texts.registrations.removed(node.display_name)),
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
  const renew = bucket ? checkbox('renew', bucketWords.renew, false, bucketWords.renewHint) : null;
  const store = credentialFields(bucket);
  const isRenewed = () => !renew || renew.querySelector('input').checked;
  const arrange = () => store.show(isRenewed());
  const { form, refresh } = formDialog({
    title: bucket ? texts.registrations.change(bucket.name) : texts.buckets.register,
    intro: bucket ? null : bucketWords.intro,
    fields: [
      pair(field(texts.search.nameLabel, name), field(texts.operations.bucket, bucketName, bucketWords.bucketHint)),
      renew, store.fields,
    ],
    submit: bucket ? texts.registrations.save : texts.registrations.register,
    request: () => {
      const fields = { name: name.value.trim(), bucket_name: bucketName.value.trim() };
      const kept = isRenewed() ? { type: store.type(), credentials: store.read() } : {};
      return bucket ? requests.changeBucket(bucket.id, { ...changed(fields, bucket), ...kept }) : requests.registerBucket({ ...given(fields), ...kept });
    },
    done: ({ cos }) => said((bucket ? texts.registrations.changed : texts.registrations.registered)(cos.name)),
  });
  form.addEventListener('change', () => {
    arrange();
    refresh();
  });
  arrange();
}

function credentialFields(bucket) {
  const present = bucket?.credentials ?? {};
  const kind = choice(bucketWords.store, 'store', [S3, IBM, IBM_HMAC].map((kind) => [kind, ...bucketWords.stores[kind]]), storeOf(bucket));
  const endpoint = textInput('cos_endpoint', { required: true, value: present.cos_endpoint ?? '', placeholder: 'https://s3.example', spellcheck: 'false' });
  const access = textInput('access_key', { spellcheck: 'false' });
  const secret = secretInput('secret_key');
  const region = textInput('region', { value: present.region ?? '', placeholder: 'us-east-1', spellcheck: 'false' });
  const key = secretInput('cos_api_key_id');
  const crn = textInput('cos_resource_crn', { maxlength: '1024', value: present.cos_resource_crn ?? '', placeholder: 'crn:v1:bluemix:…', spellcheck: 'false' });
  const auth = textInput('cos_auth_endpoint', { value: present.cos_auth_endpoint ?? '', spellcheck: 'false' });
  const shared = [kind, field(bucketWords.endpoint, endpoint, bucketWords.endpointHint)];
  const hmac = [pair(field(bucketWords.accessKey, access), field(bucketWords.secretKey, secret, bucketWords.secretHint)), field(bucketWords.region, region, bucketWords.regionHint)];
  const ibm = [field(bucketWords.apiKey, key, bucketWords.secretHint), field(bucketWords.crn, crn), field(bucketWords.tokenEndpoint, auth, bucketWords.tokenEndpointHint)];
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
    title: texts.registrations.remove(bucket.name),
    intro: bucketWords.removeIntro(bucket.bucket_name),
    submit: texts.lists.remove,
    danger: true,
    request: () => requests.removeBucket(bucket.id),
    done: () => said(texts.registrations.removed(bucket.name)),
  });
}
