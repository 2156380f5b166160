// What a page does beyond being read. Everything works without it but keys, copying and the choice of colours.
'use strict';

const root = document.documentElement;
const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// Pages opened from a file may have no storage: then the choice lasts for the page.
const remember = {
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, value); } catch { /* no storage */ } },
};

// ---- Light or dark
const darkByDefault = matchMedia('(prefers-color-scheme: dark)');
function switchTheme() {
  const now = root.dataset.theme || (darkByDefault.matches ? 'dark' : 'light');
  root.dataset.theme = now === 'dark' ? 'light' : 'dark';
  remember.set('theme', root.dataset.theme);
}
if (remember.get('theme')) root.dataset.theme = remember.get('theme');
find('#theme').addEventListener('click', switchTheme);

// ---- Contents: a menu where there is no room at the side
const menu = find('#menu'), contents = find('#contents'), help = find('#help');
function showContents(open) {
  contents.classList.toggle('open', open);
  menu.setAttribute('aria-expanded', open);
  if (open) (find('a.current', contents) || find('[aria-current]', contents) || find('a', contents)).focus();
}
menu.addEventListener('click', () => showContents(!contents.classList.contains('open')));
contents.addEventListener('click', event => { if (event.target.closest('a')) showContents(false); });
find('#text').addEventListener('click', () => { if (contents.classList.contains('open')) showContents(false); });
find('#help-button').addEventListener('click', () => help.showModal());

// The section that is being read is marked in the contents: the last whose heading is above the middle.
const entries = all('.here > ol a', contents)
  .map(link => ({ link, heading: document.getElementById(decodeURIComponent(link.hash.slice(1))) }))
  .filter(entry => entry.heading);
let waiting = false;
function follow() {
  waiting = false;
  let current = null;
  for (const entry of entries) if (entry.heading.getBoundingClientRect().top < innerHeight * 0.4) current = entry;
  for (const entry of entries) entry.link.classList.toggle('current', entry === current);
  // Scrolled by hand rather than by scrollIntoView, which would move the text too.
  if (current) {
    const at = current.link.getBoundingClientRect(), box = contents.getBoundingClientRect();
    if (at.top < box.top + 40 || at.bottom > box.bottom - 40) contents.scrollTop += at.top - box.top - box.height / 2;
  }
}
addEventListener('scroll', () => { if (!waiting) { waiting = true; requestAnimationFrame(follow); } }, { passive: true });
follow();

// ---- Copying: a chunk without line numbers, with <<names>> where other chunks stand
function textOf(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.matches('a.use')) return `<<${node.dataset.name}>>`;
  return [...node.childNodes].map(textOf).join('');
}
async function copy(text) {
  try { await navigator.clipboard.writeText(text); return true; } catch { /* not allowed on this page */ }
  const area = Object.assign(document.createElement('textarea'), { value: text });
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  return done;
}
for (const button of all('.copy')) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const done = await copy(textOf(find('pre code', button.closest('.chunk'))));
    button.textContent = done ? 'copied' : 'no clipboard';
    setTimeout(() => { button.textContent = 'copy'; }, 1500);
  });
}
// A selection that is copied by hand is treated alike.
document.addEventListener('copy', event => {
  const selection = getSelection();
  const inCode = node => (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest('pre.code');
  if (!selection.rangeCount || !inCode(selection.anchorNode) || inCode(selection.anchorNode) !== inCode(selection.focusNode)) return;
  const piece = selection.getRangeAt(0).cloneContents();
  event.clipboardData.setData('text/plain', [...piece.childNodes].map(textOf).join(''));
  event.preventDefault();
});

// ---- A figure that was made smaller to fit is shown large, in a box that scrolls, when it is clicked
function offerLarge(image) {
  const box = image.parentElement;
  if (box.classList.contains('large')) return;
  if (image.naturalWidth > image.clientWidth + 8) { image.setAttribute('role', 'button'); image.tabIndex = 0; }
  else { image.removeAttribute('role'); image.removeAttribute('tabindex'); }
}
for (const image of all('.drawing img')) {
  const toggle = () => { if (image.hasAttribute('role')) image.parentElement.classList.toggle('large'); };
  image.addEventListener('click', toggle);
  image.addEventListener('keydown', event => { if (event.key === 'Enter') toggle(); });
  image.addEventListener('load', () => offerLarge(image));
  offerLarge(image);
}
addEventListener('resize', () => all('.drawing img').forEach(offerLarge));

// ---- The filter of the indexes
const filter = find('#filter');
if (filter) {
  const narrow = () => {
    const wanted = filter.value.toLowerCase();
    for (const entry of all('.index li')) entry.hidden = !entry.textContent.toLowerCase().includes(wanted);
    for (const section of all('.index')) section.hidden = !find('li:not([hidden])', section);
  };
  filter.addEventListener('input', narrow);
  if (location.hash === '#filter') filter.focus();
}

// ---- Keys
const follows = rel => { const link = find(`link[rel=${rel}]`); if (link) location.href = link.href; };
document.addEventListener('keydown', event => {
  if (event.key === 'Escape' && contents.classList.contains('open')) { showContents(false); menu.focus(); return; }
  if (event.ctrlKey || event.altKey || event.metaKey || help.open || event.target.matches('input[type=search], textarea')) return;
  // Arrows scroll a listing that is wider than its box.
  const wide = event.target.closest('pre, .scroll');
  const scrolls = wide && wide.scrollWidth > wide.clientWidth;
  const action = {
    ArrowLeft: () => scrolls || follows('prev'),
    ArrowRight: () => scrolls || follows('next'),
    t: () => (getComputedStyle(menu).display === 'none' ? (find('a.current', contents) || find('[aria-current]', contents) || find('a', contents)).focus()
      : showContents(!contents.classList.contains('open'))),
    '/': () => { event.preventDefault(); if (filter) filter.focus(); else location.href = 'indexes.html#filter'; },
    d: switchTheme,
    '?': () => help.showModal(),
  }[event.key];
  if (action) action();
});
