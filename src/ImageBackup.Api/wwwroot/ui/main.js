// The shell around the views: the current view, the session, the colors.
import { readAddress } from './address.js';
import { serviceVersion } from './keystone.js';
import { h, fill, icon, announce } from './dom.js';
import { feed } from './feed.js';
import { projectDialog, showLogIn } from './log-in.js';
import { session } from './session.js';
import { texts } from './texts.js';
import { backupView } from './views/backup.js';
import { backupsView } from './views/backups.js';
import { bucketsView } from './views/buckets.js';
import { imagesView } from './views/images.js';
import { nodesView } from './views/nodes.js';

const THEME = 'imagebackup.theme';
const VIEWS = { backups: backupsView, images: imagesView, nodes: nodesView, buckets: bucketsView };

const main = document.getElementById('main');
const banner = document.getElementById('banner');
let dispose = () => {};
let isFirst = true;
let title = '';
let shownBackup = null;

const shell = {
  /** Shows above the page that the service does not answer, with a button to try again; the content stays. */
  offline(again) {
    if (banner.hidden) {
      fill(banner, h('span', {}, texts.page.offline), h('button', { type: 'button', class: 'button small-button', onclick: again }, texts.page.again));
      banner.hidden = false;
    }
  },
  online() {
    banner.hidden = true;
  },
  /** Names the page, and the image backup that it shows. */
  name(text, backupId = null) {
    title = text;
    shownBackup = backupId;
    showTitle();
  },
};

function route() {
  const { name, id } = readAddress();
  return VIEWS[name] ? { name, id: name === 'backups' ? id : undefined } : { name: 'backups' };
}

/** The title begins with the percentage of the shown operation, or of all that run. */
function showTitle() {
  const running = feed.operations.operations.filter((operation) => !operation.queued);
  const own = running.filter((operation) => `${operation.backup_id}` === `${shownBackup}`);
  const counted = own.length > 0 ? own : running;
  const percent = Math.floor(counted.reduce((sum, operation) => sum + operation.progress, 0) / Math.max(1, counted.length));
  document.title = [counted.length > 0 ? `${percent} %` : '', title, texts.page.title].filter(Boolean).join(' · ');
}

function showRunning({ running_count: running, queued_count: queued }) {
  const badge = document.getElementById('running-count');
  const count = running + queued;
  if (badge.dataset.count !== `${count}`) {
    badge.dataset.count = `${count}`;
    badge.hidden = count === 0;
    fill(badge, `${count}`, h('span', { class: 'visually-hidden' }, texts.page.running));
  }
  showTitle();
}

function show() {
  dispose();
  shell.online();
  const { name, id } = route();
  const view = VIEWS[name];
  shell.name(texts.page.views[name]);
  for (const link of document.querySelectorAll('#tabs a')) {
    if (link.dataset.view === name) {
      link.setAttribute('aria-current', 'page');
    } else {
      link.removeAttribute('aria-current');
    }
  }
  const root = h('div', { class: 'view' });
  fill(main, root);
  dispose = id ? backupView(root, shell, id) : view(root, shell);
  if (!isFirst) {
    root.querySelector('h1')?.focus();
    window.scrollTo(0, 0);
  }
  isFirst = false;
}

function restart() {
  showSession();
  feed.start(shell.offline, shell.online);
  show();
}

function showSession() {
  const project = session.projectName ?? `${session.projectId.slice(0, 6)}…${session.projectId.slice(-4)}`;
  fill(document.getElementById('session'),
    h('button', { type: 'button', class: 'chip', title: session.projectId, onclick: () => projectDialog(restart) },
      h('span', { class: 'chip-label' }, `${texts.session.project} `), project, h('span', { class: 'visually-hidden' }, texts.session.change)),
    session.token ? h('button', { type: 'button', class: 'chip', onclick: logOut }, texts.session.logOut(session.user)) : null,
    themeButton());
}

async function showVersion() {
  fill(document.getElementById('version'), texts.page.version(await serviceVersion()));
}

function logOut() {
  session.logOut();
  announce(texts.session.loggedOut);
  restart();
}

function themeButton() {
  const button = h('button', { type: 'button', class: 'icon-button' });
  const isDark = () => (document.documentElement.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
  const update = () => {
    const label = isDark() ? texts.page.light : texts.page.dark;
    button.setAttribute('aria-label', label);
    button.title = label;
    fill(button, icon(isDark() ? 'sun' : 'moon'));
  };
  button.addEventListener('click', () => {
    const theme = isDark() ? 'light' : 'dark';
    document.documentElement.dataset.theme = theme;
    try {
      localStorage.setItem(THEME, theme);
    } catch {
      // Storage is disabled: the choice lasts until the page is closed.
    }
    update();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', update);
  update();
  return button;
}

window.addEventListener('hashchange', show);
window.addEventListener('imagebackup:unauthorized', () => {
  if (!main.querySelector('.log-in')) {
    dispose();
    dispose = () => {};
    session.logOut();
    feed.stop();
    showSession();
    showLogIn(main, restart);
  }
});
document.querySelector('.skip').addEventListener('click', (event) => {
  // The hash belongs to the views, so the link moves the focus itself.
  event.preventDefault();
  main.focus();
});

document.getElementById('toasts').setAttribute('aria-label', texts.page.messages);
feed.onOperations(showRunning);
restart();
showVersion();
