// The shell around the views: the current view, the session, the colors.
import { serviceVersion } from './api.js';
import { h, fill, icon, announce } from './dom.js';
import { projectDialog, showLogIn } from './log-in.js';
import { session } from './session.js';
import { backupView } from './views/backup.js';
import { backupsView } from './views/backups.js';
import { bucketsView } from './views/buckets.js';
import { imagesView } from './views/images.js';
import { nodesView } from './views/nodes.js';

const THEME = 'imagebackup.theme';
const VIEWS = { backups: ['Image backups', backupsView], images: ['Images', imagesView], nodes: ['Backup nodes', nodesView], buckets: ['Buckets', bucketsView] };

const main = document.getElementById('main');
const banner = document.getElementById('banner');
let dispose = () => {};
let isFirst = true;

const shell = {
  /** Shows above the page that the service does not answer, with a button to try again; the content stays. */
  offline(again) {
    if (banner.hidden) {
      fill(banner, h('span', {}, 'The service does not answer. This page may be out of date.'), h('button', { type: 'button', class: 'button small-button', onclick: again }, 'Try again'));
      banner.hidden = false;
    }
  },
  online() {
    banner.hidden = true;
  },
  showRunning(count) {
    const badge = document.getElementById('running-count');
    badge.hidden = count === 0;
    fill(badge, `${count}`, h('span', { class: 'visually-hidden' }, ' running'));
  },
};

function route() {
  const [, name, id] = /^#\/([a-z]+)(?:\/(\d+))?$/.exec(location.hash) ?? [];
  return VIEWS[name] ? { name, id: name === 'backups' ? id : undefined } : { name: 'backups' };
}

function show() {
  dispose();
  shell.online();
  const { name, id } = route();
  const [title, view] = VIEWS[name];
  document.title = `${title} · Image Backup`;
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
  show();
}

function showSession() {
  const project = session.projectName ?? `${session.projectId.slice(0, 6)}…${session.projectId.slice(-4)}`;
  fill(document.getElementById('session'),
    h('button', { type: 'button', class: 'chip', title: session.projectId, onclick: () => projectDialog(restart) },
      h('span', { class: 'chip-label' }, 'Project '), project, h('span', { class: 'visually-hidden' }, ', change it')),
    session.token ? h('button', { type: 'button', class: 'chip', onclick: logOut }, session.user ? `Log out ${session.user}` : 'Log out') : null,
    themeButton());
}

async function showVersion() {
  fill(document.getElementById('version'), `ImageBackup ${await serviceVersion()}`);
}

function logOut() {
  session.logOut();
  announce('Logged out');
  restart();
}

function themeButton() {
  const button = h('button', { type: 'button', class: 'icon-button' });
  const isDark = () => (document.documentElement.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
  const update = () => {
    const label = isDark() ? 'Switch to light colors' : 'Switch to dark colors';
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
    showSession();
    showLogIn(main, restart);
  }
});
document.querySelector('.skip').addEventListener('click', (event) => {
  // The hash belongs to the views, so the link moves the focus itself.
  event.preventDefault();
  main.focus();
});

restart();
showVersion();
