// The page's requests for a backup as shell commands.
import { curl, requests } from './api.js';
import { copyButton, fill, h } from './dom.js';
import { isTransient } from './format.js';

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
      h('h2', { id: 'curl-title' }, 'curl commands'),
      h('div', { class: 'field inline' }, h('label', { for: 'command-choice' }, 'Request'), choice),
      h('div', { class: 'code' }, h('pre', {}, command), copyButton(() => command.textContent, 'Copy the command'))),
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
    backup.task_id && ['Progress', curl(requests.progress(backup))],
    backup.task_id && ['Progress as events', curl(requests.progress(backup)).replace('curl -sS', "curl -sSN \\\n  -H 'Accept: text/event-stream'")],
    ['Show', curl(requests.show(backup.id))],
    backup.src_image_id && ['Export again', curl(requests.exportImage(exportOf(backup)))],
    ['Import', curl(requests.importImage({ name: backup.image_name ?? backup.name, image_backup_id: backup.id }))],
    ['Upload', curl(requests.upload(backup.id, backup.cos_bucket))],
    ['Download', curl(requests.download(backup.id, backup.backup_host))],
    ['Verify', curl(requests.verify(backup.id))],
    backup.fail_reason && ['Retry', curl(requests.retry(backup.id))],
    ['Reset to error', curl(requests.reset(backup.id))],
    ['Delete', curl(requests.remove(backup.id, isTransient(backup.status)))],
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
