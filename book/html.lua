-- The HTML backend of render.lua. Every function returns pandoc elements that hold raw HTML.
local lib = require 'lib'
local html = {}
local stem, kind, labels, note_count

local STAR = '<span class="star" title="may be skipped">*</span>'

-- What is not the story has a label and a colour.
local LABELS = { workshop = 'Workshop', selftests = 'Self-tests' }

local function escape(text)
  return (text:gsub('[&<>"]', { ['&'] = '&amp;', ['<'] = '&lt;', ['>'] = '&gt;', ['"'] = '&quot;' }))
end
html.escape = escape

local function inline(text) return pandoc.RawInline('html', text) end
local function block(text) return pandoc.RawBlock('html', text) end

local function address(page, id) return (page == stem and '' or page .. '.html') .. (id and '#' .. id or '') end

local function chunk_id(number) return 'c' .. number end
local function chunk_address(number) return address(lib.web.chunks[number].stem, chunk_id(number)) end

local function chunk_title(chunk)
  if chunk.root then return '<code>' .. escape(chunk.name) .. '</code>' end
  return (escape(lib.typeset(chunk.name)):gsub('%[%[(.-)%]%]', '<code>%1</code>'))
end

-- ⟨name 2.18⟩, the number being that of the first definition.
local function chunk_link(chunk)
  return string.format('<a class="use" href="%s" data-name="%s">⟨%s <span class="number">%s</span>⟩</a>',
    chunk_address(chunk.first), escape(chunk.name), chunk_title(chunk), chunk.first)
end

local function chunk_numbers(numbers)
  local links = {}
  for _, number in ipairs(numbers) do
    links[#links + 1] = string.format('<a href="%s">%s</a>', chunk_address(number), number)
  end
  return table.concat(links, ', ')
end

-- ---- Inlines

function html.reference(id, label, text)
  if type(text) == 'string' then text = pandoc.Inlines { pandoc.Str(text) } end
  return pandoc.Link(text, address(label.stem, id), '', pandoc.Attr('', LABELS[label.document] and { 'to-' .. label.document } or {}))
end

function html.citation(id, content) return pandoc.Link(content, address('bibliography', id)) end

function html.chunk_reference(chunk) return inline(chunk_link(chunk)) end

function html.term(el)
  return { inline('<dfn id="' .. el.identifier .. '">'), pandoc.Span(el.content), inline('</dfn>') }
end

function html.code(text) return pandoc.Code(text) end

function html.code_with_names(text)
  return inline('<code>' .. lib.cut_names(text, escape, function(name, number)
    return string.format('<a href="%s">%s</a>', chunk_address(number), name)
  end) .. '</code>')
end

-- A numbered note in the margin; where there is no margin, its number opens it in the text.
function html.footnote(el)
  note_count = note_count + 1
  local id = 'note-' .. note_count
  local content = pandoc.utils.blocks_to_inlines(el.content, { pandoc.LineBreak() })
  content:insert(1, inline(string.format('<span class="note-mark"><label for="%s" class="note-number">%d</label>'
    .. '<input type="checkbox" id="%s" class="note-toggle" aria-label="note %d"><span class="margin-note"><span class="note-number">%d</span> ',
    id, note_count, id, note_count, note_count)))
  content:insert(inline('</span></span>'))
  return pandoc.Span(content, pandoc.Attr('', { 'note-in-text' }))
end

-- ---- Blocks

function html.paragraph() end

function html.header(el)
  local number = el.attributes.number
  el.attributes.number = nil
  if number then
    el.content:insert(1, inline('<span class="number">' .. number .. '</span> '))
  end
  if el.level == 1 and LABELS[kind] then el.content:insert(1, inline('<span class="kind">' .. LABELS[kind] .. '</span>')) end
  if el.classes:includes('skip') then el.content:insert(inline(STAR)) end
  if el.level > 1 and el.identifier ~= '' then
    el.content:insert(inline(' <a class="anchor" href="#' .. el.identifier .. '" aria-label="link to this section">#</a>'))
  end
  return el
end

local function token(part)
  local class, text, target = part[1], part[2], part[3]
  if class == 'use' then return chunk_link(lib.web.chunks[target]) end
  local shown = escape(text)
  if target and class ~= 'definition' then shown = string.format('<a href="%s">%s</a>', chunk_address(target), shown) end
  if class == '' then return shown end
  return '<span class="' .. class .. '">' .. shown .. '</span>'
end

function html.chunk(chunk)
  local parts = { string.format('<div class="chunk%s" id="%s">\n<div class="chunk-name">%s<span class="name">⟨%s⟩ %s</span>',
    #chunk.lines == 0 and ' slot' or '', chunk_id(chunk.number), string.format('<a class="chunk-number" href="#%s">%s</a>', chunk_id(chunk.number), chunk.number),
    chunk_title(chunk), chunk.number == chunk.first and '≡' or '+≡') }
  if #chunk.lines > 0 then parts[#parts + 1] = '<button class="copy" type="button" hidden>copy</button>' end
  parts[#parts + 1] = '</div>\n'
  if #chunk.lines > 0 then
    parts[#parts + 1] = '<pre class="code" tabindex="0"><code>'
    for _, line in ipairs(chunk.lines) do
      parts[#parts + 1] = '<span class="line" data-line="' .. line.line .. '">'
      for _, part in ipairs(line.parts or {}) do parts[#parts + 1] = token(part) end
      parts[#parts + 1] = '\n</span>'
    end
    parts[#parts + 1] = '</code></pre>\n'
  end
  local links = {}
  if #chunk.lines == 0 then links[1] = 'empty here: a later chunk fills it' end
  if chunk.previous then links[#links + 1] = 'continues ' .. chunk_numbers { chunk.previous } end
  if chunk.next then links[#links + 1] = 'continued in ' .. chunk_numbers { chunk.next } end
  if #chunk.used > 0 then links[#links + 1] = 'used in ' .. chunk_numbers(chunk.used) end
  if #chunk.defines > 0 then
    local names = {}
    for _, name in ipairs(chunk.defines) do
      names[#names + 1] = string.format('<a href="%s"><code>%s</code></a>', address('indexes', 'id:' .. name), name)
    end
    links[#links + 1] = 'defines ' .. table.concat(names, ', ')
  end
  if #links > 0 then
    parts[#parts + 1] = '<p class="chunk-links"><span>' .. table.concat(links, '</span><span>') .. '</span></p>\n'
  end
  parts[#parts + 1] = '</div>'
  return block(table.concat(parts))
end

-- Where a document begins.
function html.document(path, what)
  return block(string.format('<p class="document">%s: <code>%s</code></p>', what, escape(path)))
end

function html.transcript(lines, about, caption, cut)
  local parts = { '<figure class="transcript"><div class="about">' .. escape(about) .. '</div><pre tabindex="0"><samp>' }
  local more = '<span class="cut" aria-label="more of the log">⋯\n</span>'
  if cut.before then parts[#parts + 1] = more end
  for _, line in ipairs(lines) do
    local typed = line:match('^monitor> (.*)$')
    parts[#parts + 1] = '<span class="line">' .. (typed and 'monitor&gt; <kbd>' .. escape(typed) .. '</kbd>' or escape(line)) .. '\n</span>'
  end
  if cut.after then parts[#parts + 1] = more end
  parts[#parts + 1] = '</samp></pre>'
  if not caption then return block(table.concat(parts) .. '</figure>') end
  return { block(table.concat(parts) .. '<figcaption>'), pandoc.Plain(caption), block('</figcaption></figure>') }
end

function html.listing(text, language)
  return block('<pre class="listing ' .. language .. '" tabindex="0"><code>' .. escape(text) .. '</code></pre>')
end

function html.figure(id, name, number, caption)
  return {
    block(string.format('<figure class="drawing" id="%s"><div class="scroll"><img src="figures/%s.svg" alt="%s"></div><figcaption><span class="number">Figure %s</span> ',
      id, name, escape(pandoc.utils.stringify(caption)), number)),
    pandoc.Plain(caption), block('</figcaption></figure>') }
end

function html.equation(id, number, paragraph)
  return { block('<div class="equation" id="' .. id .. '">'), paragraph, block('<span class="number">(' .. number .. ')</span></div>') }
end

function html.numbered_table(id, number, el)
  el.caption.long[1].content:insert(1, inline('<span class="number">Table ' .. number .. '</span> '))
  return { block('<div class="table scroll"' .. (id ~= '' and ' id="' .. id .. '"' or '') .. '>'), el, block('</div>') }
end

function html.exercise(id, number, title, level, content)
  local head = string.format('<section class="exercise"%s><h4><span class="number">Exercise %s</span>%s%s</h4>',
    id ~= '' and ' id="' .. id .. '"' or '', number, title and ' ' .. escape(title) or '',
    level and ' <span class="level">' .. escape(level) .. '</span>' or '')
  return { block(head), pandoc.Div(content), block('</section>') }
end

function html.note(class, title, content)
  return { block('<aside class="aside ' .. class .. '"><h4>' .. title .. '</h4>'), pandoc.Div(content), block('</aside>') }
end

function html.skip_note(content)
  local note = pandoc.Inlines { inline('<span class="skip-note">* May be skipped; it is for ') }
  note:extend(content)
  note:insert(inline('.</span>'))
  return pandoc.Para(note)
end

-- ---- Pages

-- The contents at the side: every chapter, and the sections of each, in groups.
local function navigation(all)
  local parts = {}
  local function entry(page, number, title, sections)
    local here = page == stem
    parts[#parts + 1] = string.format('<li%s><a href="%s.html"%s><span class="number">%s</span>%s</a>', here and ' class="here"' or '',
      page, here and ' aria-current="page"' or '', number, escape(title))
    if sections and #sections > 0 then
      parts[#parts + 1] = '<ol>'
      for _, section in ipairs(sections) do
        parts[#parts + 1] = string.format('<li><a href="%s"><span class="number">%s</span><span>%s%s</span></a></li>',
          (here and '' or page .. '.html') .. '#' .. section.id, section.number, escape(section.title), section.skip and STAR or '')
      end
      parts[#parts + 1] = '</ol>'
    end
    parts[#parts + 1] = '</li>\n'
  end
  local group
  for _, chapter in ipairs(all) do
    if LABELS[chapter.kind] and chapter.kind ~= group then
      group = chapter.kind
      parts[#parts + 1] = string.format('<li class="group %s">%s</li>\n', group, LABELS[group])
    end
    entry(chapter.stem, chapter.number, chapter.title, chapter.sections)
  end
  if group then parts[#parts + 1] = '<li class="group"></li>\n' end
  entry('bibliography', '', 'Bibliography')
  entry('indexes', '', 'Indexes')
  return table.concat(parts)
end

local function set_meta(doc, key, text) doc.meta[key] = pandoc.MetaBlocks { block(text) } end

function html.begin(doc, page, all, known)
  stem, kind, labels, note_count = page, lib.kind_of(page), known, 0
  set_meta(doc, 'nav', navigation(all))
  local pages = { { 'index', 'Title page' } }
  for _, chapter in ipairs(all) do
    pages[#pages + 1] = { chapter.stem, (chapter.number ~= '' and chapter.number .. ' ' or '') .. chapter.title }
  end
  pages[#pages + 1] = { 'bibliography', 'Bibliography' }
  pages[#pages + 1] = { 'indexes', 'Indexes' }
  for i, entry in ipairs(pages) do
    if entry[1] == stem then
      doc.meta.pagetitle = pandoc.MetaString(entry[2])
      for key, other in pairs { prev = pages[i - 1], next = pages[i + 1] } do
        doc.meta[key] = pandoc.MetaString(other[1] .. '.html')
        doc.meta[key .. 'title'] = pandoc.MetaString(other[2])
      end
    end
  end
end

function html.heading(title) return { block('<h1>' .. title .. '</h1>') } end

function html.finish(doc)
  -- Without notes, the margin's room goes to the text.
  doc.meta.kind = pandoc.MetaString((kind or '') .. (note_count == 0 and ' no-notes' or ''))
  return doc
end

function html.title_page(all)
  return pandoc.Blocks { block('<div class="title-page"><p class="kind">A literate program</p>\n<h1>Reset to <code>kmalloc</code></h1>\n'
    .. '<p class="sub">Linux memory initialisation, from the reset vector to the first allocation, in a kernel that boots after every chapter</p></div>\n'
    .. '<ol class="toc-page">' .. navigation(all) .. '</ol>') }
end

-- An index: entries are { shown, id, links }.
local function index(id, title, entries)
  local parts = { string.format('<section class="index"><h2 id="%s">%s</h2><ul>', id, title) }
  for _, entry in ipairs(entries) do
    parts[#parts + 1] = string.format('<li%s>%s <span class="places">%s</span></li>',
      entry.id and ' id="' .. escape(entry.id) .. '"' or '', entry.shown, entry.links)
  end
  return table.concat(parts, '\n') .. '</ul></section>'
end

function html.indexes(chunks, identifiers, terms)
  local lists = { {}, {}, {} }
  for _, chunk in ipairs(chunks) do
    lists[1][#lists[1] + 1] = { shown = '<span class="name">⟨' .. chunk_title(chunk.first) .. '⟩</span>',
      links = '<b>' .. chunk_numbers(chunk.defined) .. '</b>' .. (#chunk.used > 0 and ' · used in ' .. chunk_numbers(chunk.used) or '') }
  end
  for _, entry in ipairs(identifiers) do
    lists[2][#lists[2] + 1] = { id = 'id:' .. entry.name, shown = '<code>' .. entry.name .. '</code>',
      links = '<b>' .. chunk_numbers(entry.defined) .. '</b>' .. (#entry.used > 0 and ', ' .. chunk_numbers(entry.used) or '') }
  end
  for _, term in ipairs(terms) do
    local links = {}
    for _, place in ipairs(term.places) do
      links[#links + 1] = string.format('<a href="%s">%s</a>', address(place.stem, place.id), escape(place.title))
    end
    lists[3][#lists[3] + 1] = { shown = escape(term.key), links = table.concat(links, ', ') }
  end
  return pandoc.Blocks { block('<h1>Indexes</h1>\n<p class="filter"><label for="filter">Show only</label> <input id="filter" type="search" placeholder="part of a name" autocomplete="off" spellcheck="false"></p>\n'
    .. '<p class="hint">Numbers are those of chunks; the bold ones define.</p>'
    .. index('chunk-index', 'Chunks', lists[1]) .. index('identifier-index', 'Identifiers', lists[2]) .. index('term-index', 'Terms', lists[3])) }
end

return html
