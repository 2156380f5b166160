-- Second filter: turns what is particular to this book (chunks, transcripts, figures, notes, references)
-- into HTML or LaTeX. The two backends, html.lua and latex.lua, have the same functions.
package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local lib = require 'lib'
local backend = require(FORMAT:match('html') and 'html' or 'latex')
local stringify = pandoc.utils.stringify

local NOTES = { linux = 'In Linux', told = 'Often told otherwise', try = 'Try it', checkpoint = 'Checkpoint' }

local all, labels, path = {}, {}, nil

-- How a label reads in a reference: "Section 2.3"; a heading without number by its title, and, from elsewhere, the
-- section that it is in.
local here	-- the number of the section where the walk is
local function reference(link)
  local id = link.target:match('^#(.+)$')
  if not id or #link.content > 0 then return end
  local label = labels[id]
  if not label then
    lib.fail(path, '(#' .. id .. ')', 'undefined reference #' .. id)
    return
  end
  if label.number ~= '' then return backend.reference(id, label, lib.kinds[label.kind] .. '\u{a0}' .. label.number) end
  local section = label.within and label.within ~= '' and 'Section\u{a0}' .. label.within
  local title = '“' .. label.title .. '”'
  return backend.reference(id, label, section and label.within ~= here and title .. ' in ' .. section or title, section)
end

local function check_link(link)
  local id = link.target:match('^#(.+)$')
  if id and id:match('^ref%-') then return backend.citation(id, link.content) end
  if id and #link.content > 0 and not labels[id] then
    lib.fail(path, '(#' .. id .. ')', 'undefined reference #' .. id)
  end
  if id and labels[id] then return backend.reference(id, labels[id], link.content) end
end

local by_name
local function chunk_named(name)
  if not by_name then
    by_name = {}
    for _, number in ipairs(lib.web.order) do
      local chunk = lib.web.chunks[number]
      by_name[chunk.name] = by_name[chunk.name] or chunk
    end
  end
  return by_name[name]
end

local function span(el)
  if el.classes:includes('chunk') then
    local name = lib.typed(stringify(el.content))
    local chunk = chunk_named(name)
    if not chunk then
      lib.fail(path, '[' .. name:match('^%S+'), 'undefined reference to a chunk: ' .. name)
      return
    end
    return backend.chunk_reference(chunk)
  elseif el.classes:includes('term') then
    return backend.term(el)
  end
end

local function code(el)
  if el.classes:includes('name') then return backend.code_with_names(el.text) end
  return backend.code(el.text)
end

local function paragraph(el)
  local only = el.content[1]
  if #el.content == 1 and only.t == 'Span' and only.classes:includes('chunk-here') then
    return backend.chunk(lib.web.chunks[only.attributes.number])
  end
  if #el.content == 1 and only.t == 'Span' and only.classes:includes('document-here') then
    return backend.document(only.attributes.path, only.attributes.path:match('/%u(%d+)%-'))
  end
  return backend.paragraph(el)
end

-- What kernel, on what machine; of the machine, what is not as `make boot` has it.
local DEFAULT_CPU = { x86_64 = 'qemu64', i386 = 'qemu32' }
local PATHS = { floppy = 'from a floppy', kernel = "by QEMU's -kernel", grub = 'through GRUB' }
local function world(a)
  local about = { 'kernel ' .. a.chapter, a.arch, a.mem or '128M' }
  if a.machine and a.machine ~= 'pc' then about[#about + 1] = a.machine end
  if a.cpu and a.cpu ~= DEFAULT_CPU[a.arch] then about[#about + 1] = 'cpu ' .. a.cpu end
  if a.boot and PATHS[a.boot] then about[#about + 1] = PATHS[a.boot] end
  if a.initrd then about[#about + 1] = 'initrd of ' .. a.initrd .. ' bytes' end
  if a.icount then about[#about + 1] = 'counting instructions' end
  if a.append and a.append ~= '' then about[#about + 1] = 'append "' .. a.append .. '"' end
  return table.concat(about, ' · ')
end

-- The caption of a transcript is Markdown in an attribute: it has not been walked with the rest.
local INLINES = { Link = function(el) return reference(el) or check_link(el) end, Span = span, Code = code }

local function code_block(el)
  if el.classes:includes('transcript') then
    local lines = {}
    for line in (el.text .. '\n'):gmatch('(.-)\n') do lines[#lines + 1] = line end
    local a = el.attributes
    local caption = a.caption and pandoc.read(a.caption, 'markdown').blocks[1].content:walk(INLINES)
    return backend.transcript(lines, world(a), caption, { before = a.before, after = a.after })
  end
  return backend.listing(el.text, el.classes[1] or 'text')
end

local function div(el)
  local classes = el.classes
  if classes:includes('figure') then
    return backend.figure(el.identifier, el.attributes.name, el.attributes.number, el.content[1].content)
  elseif classes:includes('equation') then
    return backend.equation(el.identifier, el.attributes.number, el.content[1])
  elseif classes:includes('table') then
    return backend.numbered_table(el.identifier, el.attributes.number, el.content[1])
  elseif classes:includes('exercise') then
    return backend.exercise(el.identifier, el.attributes.number, el.attributes.title, el.attributes.level, el.content)
  elseif classes:includes('skip-note') then
    return backend.skip_note(el.content[1].content)
  end
  for class, title in pairs(NOTES) do
    if classes:includes(class) then return backend.note(class, title, el.content) end
  end
end

-- Pages that no chapter writes.

-- The order of an index: as in a dictionary, without regard to capitals and to marks in front.
local function before(a, b)
  local plain_a, plain_b = a:lower():gsub('^%W+', ''):gsub('^_+', ''), b:lower():gsub('^%W+', ''):gsub('^_+', '')
  if plain_a ~= plain_b then return plain_a < plain_b end
  return a < b
end

-- A term as the index names it: without a capital that only the beginning of a sentence gave it.
local PROPER = { Linux = true, Intel = true, Unix = true }
local function entry_of(key)
  local word = key:match('^%u%l+%f[%A]')
  return word and not PROPER[word] and key:sub(1, 1):lower() .. key:sub(2) or key
end

local function index_page()
  local chunks, named = {}, {}
  for _, number in ipairs(lib.web.order) do
    local chunk = lib.web.chunks[number]
    if not named[chunk.name] then
      named[chunk.name] = { first = lib.web.chunks[chunk.first], defined = {}, used = chunk.used }
      chunks[#chunks + 1] = named[chunk.name]
    end
    table.insert(named[chunk.name].defined, number)
  end
  table.sort(chunks, function(a, b) return before(a.first.name, b.first.name) end)
  local identifiers = {}
  for _, entry in pairs(lib.identifiers()) do identifiers[#identifiers + 1] = entry end
  table.sort(identifiers, function(a, b) return before(a.name, b.name) end)
  local terms, by_key = {}, {}
  for _, chapter in ipairs(all) do
    for _, term in ipairs(chapter.terms) do
      local key = entry_of(term.key)
      if not by_key[key] then
        by_key[key] = { key = key, places = {} }
        terms[#terms + 1] = by_key[key]
      end
      table.insert(by_key[key].places, { stem = chapter.stem, kind = chapter.kind, id = term.id, title = term.section })
    end
  end
  table.sort(terms, function(a, b) return before(a.key, b.key) end)
  return backend.indexes(chunks, identifiers, terms)
end

-- What the bibliography must list: everything that any chapter cites.
local function nocite()
  local citations = {}
  for _, chapter in ipairs(all) do
    for _, id in ipairs(chapter.cites) do citations[#citations + 1] = pandoc.Citation(id, 'NormalCitation') end
  end
  return pandoc.MetaInlines { pandoc.Cite({}, citations) }
end

function Pandoc(doc)
  local stem = stringify(doc.meta.stem)
  all = lib.all_labels()
  for _, chapter in ipairs(all) do
    if chapter.stem == stem then path = chapter.path end
    for id, label in pairs(chapter.labels) do
      local other = labels[id]
      if other and chapter.stem == stem then
        lib.fail(chapter.path, lib.definition(chapter.path, id), 'label ' .. id .. ' is defined here and at ' .. lib.place(other.path, lib.definition(other.path, id)))
      end
      label.path, label.document = chapter.path, chapter.kind
      labels[id] = label
    end
  end
  backend.begin(doc, stem, all, labels)
  if stem == 'bibliography' then	-- citeproc comes after this filter, for this page alone
    doc.meta.nocite = nocite()
    doc.blocks = pandoc.Blocks(backend.heading('Bibliography'))
    return doc
  end
  if stem:match('^indexes') then doc.blocks = index_page() end
  if stem == 'index' then doc.blocks = backend.title_page(all) end
  -- Inlines first, then blocks from the inside out.
  for i, block in ipairs(doc.blocks) do
    if block.t == 'Header' and block.level == 2 then here = block.attributes.number end
    doc.blocks[i] = block:walk(INLINES)
  end
  here = nil	-- for captions, which come later
  if backend.blocks then doc = doc:walk { Blocks = backend.blocks } end
  doc = doc:walk { Para = paragraph, CodeBlock = code_block }
  doc = doc:walk { Div = div, Header = backend.header, Note = backend.footnote }
  doc = backend.finish(doc)
  lib.stop_on_failure()
  return doc
end
