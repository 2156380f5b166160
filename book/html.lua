-- The HTML backend of render.lua. Every function returns pandoc elements that hold raw HTML. A link is "#id" wherever
-- it leads to: `site` cuts the chapters into pages, and knows which of them has what.
local lib = require 'lib'
local html = {}
local kind, note_count

local STAR = '<span class="star" title="may be skipped">*</span>'

-- What is not the story has a label and a colour.
local LABELS = { workshop = 'Workshop', selftests = 'Self-tests' }

local function escape(text)
  return (text:gsub('[&<>"]', { ['&'] = '&amp;', ['<'] = '&lt;', ['>'] = '&gt;', ['"'] = '&quot;' }))
end
html.escape = escape

local function inline(text) return pandoc.RawInline('html', text) end
local function block(text) return pandoc.RawBlock('html', text) end

local function chunk_id(number) return 'c' .. number end
local function chunk_address(number) return '#' .. chunk_id(number) end

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
  return pandoc.Link(text, '#' .. id, '', pandoc.Attr('', LABELS[label.document] and { 'to-' .. label.document } or {}))
end

function html.citation(id, content) return pandoc.Link(content, '#' .. id) end

function html.chunk_reference(chunk) return inline(chunk_link(chunk)) end

function html.term(el)
  return { inline('<dfn id="' .. el.identifier .. '">'), pandoc.Span(el.content), inline('</dfn>') }
end

-- Short code stays on one line.
local WHOLE = 26
local function class(text) return (utf8.len(text) or WHOLE) < WHOLE and 'short' or nil end

function html.code(text) return pandoc.Code(text, pandoc.Attr('', { class(text) })) end

function html.code_with_names(text)
  return inline('<code' .. (class(text) and ' class="short"' or '') .. '>' .. lib.cut_names(text, escape, function(name, number)
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

-- What `site` takes for the head of a page or of a part of one.
function html.header(el)
  local number = el.attributes.number
  el.attributes.number = nil
  if number then
    el.content:insert(1, inline('<span class="number">' .. number .. '</span> '))
  end
  if el.level == 1 and LABELS[kind] then el.content:insert(1, inline('<span class="kind">' .. LABELS[kind] .. '</span>')) end
  if el.classes:includes('skip') then el.content:insert(inline(STAR)) end
  return el
end

local function token(part)
  local class, text, target, of = part[1], part[2], part[3], part[4]
  if class == 'use' then return chunk_link(lib.web.chunks[target]) end
  local shown = escape(text):gsub('%-%-', '<span class="o">--</span>'):gsub('%-&gt;', '<span class="o">-&gt;</span>')
  if target and class ~= 'definition' then 
    shown = string.format('<a href="%s"%s>%s</a>', chunk_address(target), of and ' data-of="' .. of .. '"' or '', shown)
  end
  if class == '' then return shown end
  return '<span class="' .. class .. '">' .. shown .. '</span>'
end

-- The file that a chunk flows into, and the function that it is in.
local function place(chunk)
  if chunk.file == '' then return '' end
  local parts = {}
  if not (chunk.root and chunk.number == chunk.first) then parts[1] = '<code>' .. escape(chunk.file) .. '</code>' end
  if chunk.within ~= '' then parts[#parts + 1] = '<code>' .. escape(chunk.within) .. '</code>' end
  if #parts == 0 then parts[1] = 'the whole file' end
  local shown = table.concat(parts, ' · ')
  if not chunk.at then return '<span class="place">' .. shown .. '</span>' end
  return string.format('<a class="place" href="#L:%s:%s">%s</a>', escape(chunk.file), chunk.at, shown)
end

function html.chunk(chunk)
  local head = string.format('<a class="chunk-number" href="#%s">%s</a><span class="name">⟨%s⟩ %s</span>%s', chunk_id(chunk.number), chunk.number,
    chunk_title(chunk), chunk.number == chunk.first and '≡' or '+≡', place(chunk))
  local links = {}
  if chunk.previous then links[#links + 1] = 'continues ' .. chunk_numbers { chunk.previous } end
  if chunk.next then links[#links + 1] = 'continued in ' .. chunk_numbers { chunk.next } end
  if #chunk.used > 0 then links[#links + 1] = 'used in ' .. chunk_numbers(chunk.used) end
  if #chunk.lines == 0 then
    return block(string.format('<div class="chunk slot" id="%s"><div class="chunk-name">%s</div><p class="chunk-links"><span>%s</span></p></div>',
      chunk_id(chunk.number), head, 'empty here: a later chunk fills it</span><span>' .. table.concat(links, '</span><span>')))
  end
  local parts = { string.format('<div class="chunk" id="%s">\n<div class="chunk-name">%s', chunk_id(chunk.number), head),
    '<button class="copy" type="button" hidden>copy</button></div>\n<pre class="code"><code>' }
  for _, line in ipairs(chunk.lines) do
    parts[#parts + 1] = '<span class="line" data-line="' .. line.line .. '">'
    for _, part in ipairs(line.parts or {}) do parts[#parts + 1] = token(part) end
    parts[#parts + 1] = '\n</span>'
  end
  parts[#parts + 1] = '</code></pre>\n'
  if #chunk.defines > 0 then
    local names = {}
    for _, name in ipairs(chunk.defines) do
      names[#names + 1] = string.format('<a href="#id:%s"><code>%s</code></a>', name, name)
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
  local parts = { '<figure class="transcript"><div class="about">' .. escape(about) .. '</div><pre><samp>' }
  local more = '<span class="cut" title="the log has more">⋯\n</span>'
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
  return block('<pre class="listing ' .. language .. '"><code>' .. escape(text) .. '</code></pre>')
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

-- The level of this heading is found where its page is made.
function html.exercise(id, number, title, level, content)
  local head = string.format('<div class="exercise"%s><h6 class="title"><span class="number">Exercise %s</span>%s%s</h6>',
    id ~= '' and ' id="' .. id .. '"' or '', number, title and ' ' .. escape(title) or '',
    level and ' <span class="level">' .. escape(level) .. '</span>' or '')
  return { block(head), pandoc.Div(content), block('</div>') }
end

function html.note(class, title, content)
  return { block(string.format('<div class="aside %s" role="note" aria-label="%s"><p class="title">%s</p>', class, title, title)),
    pandoc.Div(content), block('</div>') }
end

function html.skip_note(content)
  local note = pandoc.Inlines { inline('<span class="skip-note">* May be skipped; it is for ') }
  note:extend(content)
  note:insert(inline('.</span>'))
  return pandoc.Para(note)
end

-- ---- Parts of the book

function html.begin(_, page) kind, note_count = lib.kind_of(page), 0 end
function html.finish(doc) return doc end

-- The index of terms: where each is defined, and where more is told of it.
function html.indexes(_, _, terms)
  local parts = { '<ul class="index">' }
  for _, term in ipairs(terms) do
    local links = {}
    for _, place in ipairs(term.places) do
      links[#links + 1] = string.format(place.mere and '<a href="#%s">%s</a>' or '<b><a href="#%s">%s</a></b>', escape(place.id), escape(place.title))
    end
    for _, place in ipairs(term.told) do
      links[#links + 1] = string.format('<a href="#%s">%s</a>', escape(place.id), escape(place.title))
    end
    parts[#parts + 1] = string.format('<li>%s <span class="places">%s</span></li>', escape(term.key), table.concat(links, ', '))
  end
  return pandoc.Blocks { block(table.concat(parts, '\n') .. '</ul>') }
end

return html
