// The page's requests for a backup as shell commands.
import { curl, requests } from './requests.js';
import { copyButton, fill, h } from './dom.js';
import { isTransient } from './format.js';
import { texts } from './texts.js';

export function commandPart() {
  const choice = h('select', { id: 'command-choice' });
  const command = h('code', {});
  let all = [];
  const show = () => {
    command.textContent = all[choice.selectedIndex]?.[1] ?? '';
  };
  choice.addEventListener('change', show);
  return {
    element: h('section', { 'aria-labelledby': 'curl-title' },
      h('h2', { id: 'curl-title' }, texts.commands.title),
      h('div', { class: 'field inline' }, h('label', { for: 'command-choice' }, texts.commands.request), choice),
      h('div', { class: 'code' }, h('pre', {}, command), copyButton(() => command.textContent, texts.dialogs.copyCommand))),
    show(backup) {
      const chosen = choice.value;
      all = commandsOf(backup);
      fill(choice, all.map(([name]) => h('option', { value: name }, name)));
      choice.value = all.some(([name]) => name === chosen) ? chosen : all[0][0];
      show();
    },
  };
}

function commandsOf(backup) {
  const list = [
    backup.task_id && [texts.commands.progress, curl(requests.progress(backup))],
    backup.task_id && [texts.commands.events, curl(requests.progress(backup)).replace('curl -sS', "curl -sSN \\\n  -H 'Accept: text/event-stream'")],
    [texts.commands.show, curl(requests.show(backup.id))],
    backup.src_image_id && [texts.commands.exportAgain, curl(requests.exportImage(exportOf(backup)))],
    [texts.operations.import.action, curl(requests.importImage({ name: backup.image_name ?? backup.name, image_backup_id: backup.id }))],
    [texts.operations.upload.action, curl(requests.upload(backup.id, backup.cos_bucket))],
    [texts.operations.download.action, curl(requests.download(backup.id, backup.backup_host))],
    [texts.operations.verify.action, curl(requests.verify(backup.id))],
    backup.fail_reason && [texts.operations.retry.action, curl(requests.retry(backup.id))],
    [texts.operations.reset.action, curl(requests.reset(backup.id))],
    [texts.lists.delete, curl(requests.remove(backup.id, isTransient(backup.status)))],
  ];
  return list.filter(Boolean);
}

function exportOf(backup) {
  return {
    name: backup.name,
    src_image_id: backup.src_image_id,
    backup_host: backup.backup_host,
    compression: backup.compression ?? 'True',
    ...(backup.cos_bucket ? { cos_bucket: backup.cos_bucket } : { upload_to_cos: 'False' }),
  };
}
