// Formats numbers, times, statuses and task names for people.
import { texts } from './texts.js';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Bytes in binary units: 1536 is "1.5 KiB". */
export function bytes(count) {
  if (!Number.isFinite(count)) {
    return '–';
  }
  let unit = 0;
  let value = count;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits).replace(/\.0+$/, '')} ${UNITS[unit]}`;
}

export function rate(bytesPerSecond) {
  return Number.isFinite(bytesPerSecond) && bytesPerSecond > 0 ? `${bytes(bytesPerSecond)}/s` : '';
}

/** Seconds as "1 h 5 min", "3 min 20 s", "4.2 s". */
export function duration(seconds) {
  if (!Number.isFinite(seconds) || seconds < 0) {
    return '–';
  }
  if (seconds < 1) {
    return `${Math.round(seconds * 1000)} ms`;
  }
  if (seconds < 10) {
    return `${seconds.toFixed(1).replace(/\.0$/, '')} s`;
  }
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  if (hours > 0) {
    return minutes ? `${hours} h ${minutes} min` : `${hours} h`;
  }
  return minutes > 0 ? (rest ? `${minutes} min ${rest} s` : `${minutes} min`) : `${rest} s`;
}

/** Parses a time of the service. Times without a zone are UTC; a browser would read them as local time. */
export function instant(text) {
  if (!text) {
    return null;
  }
  const date = new Date(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(date.getTime()) ? null : date;
}

export function age(date, now = Date.now()) {
  if (!date) {
    return '–';
  }
  const seconds = Math.max(0, (now - date.getTime()) / 1000);
  if (seconds < 45) {
    return texts.times.now;
  }
  const [value, unit] = seconds < 3600 ? [seconds / 60, 'minutes']
    : seconds < 86_400 ? [seconds / 3600, 'hours']
      : [seconds / 86_400, 'days'];
  return texts.times[unit](Math.max(1, Math.floor(value)));
}

export function localTime(date) {
  return date ? date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' }) : '–';
}

/** Returns the size of the volumes divided by the size of the archive, or null if one is unknown. */
export function ratio(backup) {
  const raw = volumeBytes(backup);
  return raw > 0 && backup.ova_size > 0 ? raw / backup.ova_size : null;
}

/** Returns the bytes of all volumes: the exact sizes from the archive, or else Cinder's whole GiB. */
export function volumeBytes(backup) {
  const exact = (backup.volumes ?? []).reduce((sum, volume) => sum + (Number(volume.capacity) || 0), 0);
  return exact > 0 ? exact : (backup.size ?? 0) * 2 ** 30;
}

/** Returns the bytes of all volumes in words. Before the archive is written, only Cinder's whole GiB are known. */
export function volumeText(backup) {
  const isExact = backup.volumes?.length > 0;
  return volumeBytes(backup) > 0 ? (isExact ? bytes : (count) => texts.figures.atMost(bytes(count)))(volumeBytes(backup)) : '–';
}

export function times(value) {
  return value >= 100 ? `${Math.round(value)}×` : `${value.toFixed(1).replace(/\.0$/, '')}×`;
}

const TRANSIENT = new Set(['creating_backup', 'uploading', 'downloading', 'extracting_ova', 'deleting']);

export const TRANSIENT_STATES = [...TRANSIENT];
export const STATES = Object.keys(texts.states);

export function stateWord(status) {
  return texts.states[status] ?? String(status ?? '').replaceAll('_', ' ');
}

export function isTransient(status) {
  return TRANSIENT.has(status);
}

/** Returns which of the four colors a status has. */
export function stateTone(status) {
  if (isTransient(status)) {
    return 'busy';
  }
  return status === 'error' ? 'bad' : String(status).endsWith('_failed') ? 'warn' : 'good';
}

const TASKS = [
  [/^temp_vol_/, 'clone'],
  [/^backup_vol_/, 'backUp'],
  [/^delete_vol_/, 'removeClone'],
  [/^create_ova_/, 'writeArchive'],
  [/^upload_ova_/, 'upload'],
  [/^download_ova_/, 'download'],
  [/^verify_ova_/, 'verify'],
  [/^extract_ova_/, 'open'],
  [/^restored_/, 'createVolume'],
  [/^restore_/, 'restore'],
  [/^create_map_/, 'map'],
  [/^create_image_/, 'register'],
  [/^update_img_/, 'finishImage'],
  [/^update_task$/, 'finishRecord'],
  [/^delete_/, 'delete'],
];

/** Returns a task's wire name in words. */
export function taskWord(name) {
  return texts.tasks.names[TASKS.find(([pattern]) => pattern.test(name))?.[1]] ?? name;
}

export function actionWord(action) {
  return texts.actions[action] ?? action ?? texts.actions.other;
}
