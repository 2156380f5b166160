// What a page does beyond being read. Everything works without it but search, previews, keys, copying and the choice of colours.
'use strict';

const root = document.documentElement;
const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const make = (tag, properties, ...children) => { const node = Object.assign(document.createElement(tag), properties); node.append(...children); return node; };

// Pages opened from a file may have no storage: then a choice lasts for the page.
const remember = {
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, value); } catch { /* no storage */ } },
};

// A page from a file may read no other file, but may run it: data come as scripts that call a function here.
const loading = {};
function load(script) {
  return loading[script] ??= new Promise((done, fail) => document.head.append(make('script', { src: script, onload: done, onerror: fail })));
}

// ---- Light or dark
const darkByDefault = matchMedia('(prefers-color-scheme: dark)');
function switchTheme() {
  const now = root.dataset.theme || (darkByDefault.matches ? 'dark' : 'light');
  root.dataset.theme = now === 'dark' ? 'light' : 'dark';
  remember.set('theme', root.dataset.theme);
}
if (remember.get('theme')) root.dataset.theme = remember.get('theme');
for (const node of all('.only-js')) node.hidden = false;
find('#theme').addEventListener('click', switchTheme);

// ---- Contents: a menu where there is no room at the side
const menu = find('#menu'), contents = find('#contents'), help = find('#help');
const here = find('[aria-current]', contents);
function showContents(open) {
  contents.classList.toggle('open', open);
  menu.setAttribute('aria-expanded', open);
  if (open) (here || find('a', contents)).focus();
}
menu.addEventListener('click', () => showContents(!contents.classList.contains('open')));
contents.addEventListener('click', event => { if (event.target.closest('a')) showContents(false); });
find('#text').addEventListener('click', () => { if (contents.classList.contains('open')) showContents(false); });
find('#help-button').addEventListener('click', () => help.showModal());
// Scrolled by hand rather than by scrollIntoView, which would move the text too.
if (here) contents.scrollTop = here.getBoundingClientRect().top - contents.getBoundingClientRect().top - contents.clientHeight / 3;

// ---- Copying: a chunk without line numbers, with <<names>> where other chunks stand
function textOf(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType === Node.ELEMENT_NODE && node.matches('a.n')) return '';
  if (node.nodeType === Node.ELEMENT_NODE && node.matches('a.use')) return `<<${node.dataset.name}>>`;
  return [...node.childNodes].map(textOf).join('');
}
async function copy(text) {
  try { await navigator.clipboard.writeText(text); return true; } catch { /* not allowed on this page */ }
  const area = make('textarea', { value: text });
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

// ---- What is wider than its box can be reached by keys, and only that
function offerScrolling() {
  for (const box of all('main pre, main .scroll, main table, main p:has(> math)')) {
    if (box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX !== 'visible') box.tabIndex = 0;
    else box.removeAttribute('tabindex');
  }
}

// ---- A figure that was made smaller to fit is shown large, in a box that scrolls, when it is clicked
function offerLarge(image) {
  const box = image.parentElement;
  if (box.classList.contains('large')) return;
  if (image.naturalWidth > image.clientWidth + 8) { image.setAttribute('role', 'button'); image.tabIndex = 0; }
  else { image.removeAttribute('role'); image.removeAttribute('tabindex'); }
}
const drawings = all('.drawing img');
for (const image of drawings) {
  const toggle = () => { if (image.hasAttribute('role')) { image.parentElement.classList.toggle('large'); offerScrolling(); } };
  image.addEventListener('click', toggle);
  image.addEventListener('keydown', event => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); toggle(); } });
  image.addEventListener('load', () => { offerLarge(image); offerScrolling(); });
}
function fit() { drawings.forEach(offerLarge); offerScrolling(); }
addEventListener('resize', fit);
fit();

// ---- Files: what one kernel brought. "#kernel=3" opens a page so.
const legend = find('.legend');
function choose(kernel) {
  for (const button of all('button', legend)) button.setAttribute('aria-pressed', button.dataset.kernel === kernel);
  for (const run of all('pre.file .run')) {
    const hidden = Boolean(kernel) && !run.classList.contains(`k${kernel}`), lines = run.childElementCount - 1;
    run.toggleAttribute('hidden-run', hidden);
    if (hidden) { run.dataset.n = lines; run.style.setProperty('--n', lines); }
  }
  for (const row of all('table.files tbody tr')) {
    row.hidden = Boolean(kernel) && !row.classList.contains(`k${kernel}`);
    const link = find('a', row);
    link.href = link.getAttribute('href').replace(/#.*|$/, kernel ? `#kernel=${kernel}` : '');
  }
}
if (legend) {
  for (const button of all('button', legend)) {
    button.hidden = false;
    button.addEventListener('click', () => choose(button.getAttribute('aria-pressed') === 'true' ? '' : button.dataset.kernel));
  }
  for (const label of all('span', legend)) label.hidden = true;
  const wanted = location.hash.match(/^#kernel=(\d+)$/);
  if (wanted) choose(wanted[1]);
}
// "#L300" is any line, though only those that chunks begin with have a name.
const line = location.hash.match(/^#L(\d+)$/);
if (line && !find(':target')) {
  const wanted = all('pre.file i')[line[1] - 1];
  wanted?.classList.add('wanted');
  wanted?.scrollIntoView({ block: 'center' });
}

// ---- Previews: what a chunk's name or an identifier stands for, above the text and without moving it
let chunks = {};
globalThis.bookChunks = more => Object.assign(chunks, more);
const preview = make('div', { id: 'preview', hidden: true });
preview.setAttribute('role', 'region');
preview.setAttribute('aria-label', 'definition');
document.body.append(preview);
let previewOf = null, previewTimer = 0;
const chunkOf = link => link.hash && decodeURIComponent(link.hash).match(/^#c((?:\d+|[A-Z]|S\d+)\.\d+)$/)?.[1];

function hidePreview() { clearTimeout(previewTimer); preview.hidden = true; previewOf = null; }
async function showPreview(link) {
  const number = chunkOf(link);
  previewOf = link;
  try { await load(`chunks-${number.split('.')[0]}.js`); } catch { return; }
  if (previewOf !== link || !chunks[number]) return;
  const [head, code] = chunks[number];
  const go = make('a', { href: link.href, textContent: `go to ${number}` });
  const name = make('div', { className: 'chunk-name', innerHTML: head });
  const body = make('pre', { className: 'code' }, make('code', { innerHTML: code }));
  preview.replaceChildren(name, body, go);
  // Of a name, the line that defines it.
  const word = link.matches('.use') ? '' : link.textContent.trim();
  let wanted = null;
  if (/^\w+$/.test(word) && !/^\d/.test(word)) {
    const lines = all('.line', body);
    // A member's is behind the name of its struct.
    const from = link.dataset.of ? lines.findIndex(line => new RegExp(`\\b${link.dataset.of}\\b`).test(line.textContent)) : -1;
    wanted = from < 0 && lines.find(line => all('.definition', line).some(node => node.textContent === word))
      || lines.find((line, i) => i > from && new RegExp(`\\b${word}\\b`).test(line.textContent));
  }
  preview.hidden = false;
  if (wanted) { wanted.classList.add('wanted'); body.scrollTop = wanted.getBoundingClientRect().top - body.getBoundingClientRect().top - 40; }
  // Below the link, or above it where there is no room; never beyond the window.
  const at = link.getClientRects()[0] || link.getBoundingClientRect(), width = preview.offsetWidth, height = preview.offsetHeight;
  const left = Math.max(8, Math.min(at.left, innerWidth - width - 10));
  const top = at.bottom + height + 8 < innerHeight || at.top < height + 8 ? at.bottom + 4 : at.top - height - 4;
  Object.assign(preview.style, { left: `${left + scrollX}px`, top: `${top + scrollY}px` });
  if (body.scrollHeight > body.clientHeight + 1 || body.scrollWidth > body.clientWidth + 1) body.tabIndex = 0;
}
function soon(link) { clearTimeout(previewTimer); previewTimer = setTimeout(() => showPreview(link), 280); }
const previewed = event => { const link = event.target.closest?.('main a[href]'); return link && chunkOf(link) ? link : null; };
document.addEventListener('pointerover', event => {
  if (event.pointerType === 'touch') return;
  if (preview.contains(event.target)) { clearTimeout(previewTimer); return; }
  const link = previewed(event);
  if (link && link !== previewOf) soon(link);
  else if (!link && !preview.hidden) { clearTimeout(previewTimer); previewTimer = setTimeout(hidePreview, 250); }
  else if (!link) clearTimeout(previewTimer);
});
document.addEventListener('focusin', event => { const link = previewed(event); if (link && link.matches(':focus-visible')) soon(link); else if (!preview.contains(event.target)) hidePreview(); });
// A finger's first touch shows, the second goes.
let touched = false;
document.addEventListener('pointerdown', event => { touched = event.pointerType === 'touch'; if (!preview.contains(event.target) && !previewed(event)) hidePreview(); });
document.addEventListener('click', event => {
  const link = previewed(event);
  if (!link || !touched || preview.contains(event.target) || link.matches('.chunk-number')) return;
  if (previewOf === link && !preview.hidden) return;
  event.preventDefault();
  showPreview(link);
});

// ---- Search: all of the text is looked through; what is called so comes first
const dialog = find('#search'), query = find('#query'), results = find('#results'), said = find('#search-said');
let entries = null, hits = [], chosen = 0;
globalThis.bookSearch = list => {
  entries = list.map(([kind, number, title, where, address, text]) => ({ kind, number, title, where, address, text, low: title.toLowerCase(), body: text.toLowerCase() }));
};
const KINDS = { s: 'section', c: 'chunk', i: 'name', t: 'term', f: 'file' };
// Of two things with the same name, these come first.
const RANK = { i: 40, t: 36, s: 30, f: 24, c: 20 };
const escaped = text => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function score(entry, wanted, terms) {
  const name = wanted.replace(/\(\)$/, '');
  if (entry.number && entry.number === wanted.replace(/^(?:section|chapter|chunk|appendix) /, '')) return 1000 + (entry.kind === 'i' ? 0 : RANK[entry.kind]);
  if (entry.low === name || entry.low === wanted) return 1000 + RANK[entry.kind];
  let points = 0;
  if (entry.low.startsWith(name)) points = 500;
  else if (new RegExp(`(?:^|[^a-z0-9])${escaped(name)}`).test(entry.low)) points = 400;
  else if (entry.low.includes(name)) points = 250;
  if (points) return points + RANK[entry.kind] - Math.min(entry.low.length, 90) / 10;
  let times = 0;
  for (const term of terms) {
    if (entry.low.includes(term)) { points += 60; continue; }
    const at = entry.body.indexOf(term);
    if (at < 0) return 0;
    points += 10;
    for (let next = at; next >= 0 && times < 40; next = entry.body.indexOf(term, next + 1)) times++;
  }
  if (terms.length > 1 && entry.body.includes(wanted)) points += 80;
  return points + Math.min(times, 40) / 2 + RANK[entry.kind] / 10;
}
// How far apart two words are, up to 2.
function apart(a, b) {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let row = [...Array(b.length + 1).keys()];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length];
}
function marked(text, terms) {
  const nodes = [];
  const pattern = new RegExp(terms.filter(Boolean).sort((a, b) => b.length - a.length).map(escaped).join('|') || '$^', 'gi');
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    nodes.push(text.slice(from, match.index), make('mark', { textContent: match[0] }));
    from = match.index + match[0].length;
  }
  nodes.push(text.slice(from));
  return nodes;
}
// The text around the first place, or in code its line.
function snippet(entry, wanted, terms) {
  let at = entry.body.indexOf(wanted);
  if (at < 0) at = Math.min(...terms.map(term => entry.body.indexOf(term)).filter(place => place >= 0));
  if (!Number.isFinite(at)) return entry.kind === 's' || entry.kind === 'f' ? entry.text.slice(0, 150) : '';
  if (entry.kind === 'c') {
    const from = entry.text.lastIndexOf('\n', at) + 1, to = entry.text.indexOf('\n', at);
    return entry.text.slice(from, to < 0 ? undefined : to).trim();
  }
  const from = Math.max(0, at - 60);
  return (from ? '…' : '') + entry.text.slice(from ? entry.text.indexOf(' ', from) + 1 : 0, at + 130) + '…';
}
function select(index) {
  chosen = index;
  [...results.children].forEach((item, i) => item.setAttribute('aria-selected', i === index));
  const item = results.children[index];
  if (item) { query.setAttribute('aria-activedescendant', item.id); item.scrollIntoView({ block: 'nearest' }); }
  else query.removeAttribute('aria-activedescendant');
}
function search() {
  const wanted = query.value.trim().toLowerCase().replace(/\s+/g, ' ');
  hits = [];
  let guess = '';
  if (wanted && entries) {
    const terms = [...new Set(wanted.split(' ').map(term => term.replace(/\(\)$/, '')))].filter(Boolean);
    const look = words => entries.map(entry => ({ entry, points: score(entry, words.join(' '), words) })).filter(hit => hit.points > 0);
    hits = look(wanted.split(' '));
    if (!hits.length) hits = look(terms);
    // Nothing is called so: what is called nearly so.
    if (!hits.length && terms.length === 1 && wanted.length > 3) {
      hits = entries.filter(entry => entry.kind !== 's' && entry.kind !== 'c').map(entry => ({ entry, points: 3 - apart(entry.low, wanted) })).filter(hit => hit.points > 0);
      guess = hits.length ? 'nothing has this name; these are near: ' : '';
    }
    hits.sort((a, b) => b.points - a.points);
    const found = hits.length;
    hits = hits.slice(0, 40);
    results.replaceChildren(...hits.map(({ entry }, i) => {
      const text = snippet(entry, wanted, terms);
      const item = make('li', { id: `hit-${i}` }, make('span', { className: 'kind', textContent: KINDS[entry.kind] }),
        make('span', { className: 'what' }, entry.kind === 's' && entry.number ? `${entry.number} ` : '', ...marked(entry.title, terms)),
        make('span', { className: 'where', textContent: [entry.kind === 's' ? '' : entry.number, entry.where].filter(Boolean).join(' · ') }),
        ...text ? [make('span', { className: entry.kind === 'c' ? 'snippet code' : 'snippet' }, ...marked(text, terms))] : []);
      item.setAttribute('role', 'option');
      return item;
    }));
    said.textContent = guess + (found > 40 ? `${found} found, the first 40 are shown` : `${found} found`);
  } else {
    results.replaceChildren();
    said.textContent = entries ? '' : 'loading';
  }
  query.setAttribute('aria-expanded', hits.length > 0);
  select(0);
}
function go(index) {
  const hit = hits[index];
  if (!hit) return;
  dialog.close();
  location.href = hit.entry.address;
}
async function openSearch() {
  if (dialog.open) return;
  hidePreview();
  dialog.showModal();
  query.select();
  search();
  try { await load('search-data.js'); search(); } catch { said.textContent = 'search-data.js is missing'; }
}
query.addEventListener('input', search);
query.addEventListener('keydown', event => {
  const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (move && hits.length) { event.preventDefault(); select((chosen + move + hits.length) % hits.length); }
  if (event.key === 'Enter') { event.preventDefault(); go(chosen); }
  if (event.key === 'Escape') { event.preventDefault(); dialog.close(); }
});
results.addEventListener('click', event => { const item = event.target.closest('li'); if (item) go([...results.children].indexOf(item)); });
dialog.addEventListener('click', event => { if (event.target === dialog) dialog.close(); });
find('#search-here').addEventListener('click', openSearch);
find('#find').addEventListener('click', openSearch);

// ---- Keys, unless the reader wants none
const keysOff = find('#keys-off');
keysOff.checked = remember.get('keys') === 'off';
keysOff.addEventListener('change', () => remember.set('keys', keysOff.checked ? 'off' : 'on'));
const follows = rel => { const link = find(`link[rel=${rel}]`); if (link) location.href = link.href; };
document.addEventListener('keydown', event => {
  if (event.key === 'Escape') {
    if (!preview.hidden) hidePreview();
    else if (contents.classList.contains('open')) { showContents(false); menu.focus(); }
    return;
  }
  if (keysOff.checked || event.ctrlKey || event.altKey || event.metaKey || help.open || dialog.open || event.target.matches('input, textarea')) return;
  const action = {
    n: () => follows('next'),
    p: () => follows('prev'),
    t: () => (getComputedStyle(menu).display === 'none' ? (here || find('a', contents)).focus() : showContents(!contents.classList.contains('open'))),
    '/': () => { event.preventDefault(); openSearch(); },
    d: switchTheme,
    '?': () => help.showModal(),
  }[event.key];
  if (action) action();
});
