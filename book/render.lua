-- Second filter: turns what is particular to this book (chunks, transcripts, figures, notes, references)
-- into HTML or LaTeX. The two backends, html.lua and latex.lua, have the same functions.
package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local lib = require 'lib'
local backend = require(FORMAT:match('html') and 'html' or 'latex')
local stringify = pandoc.utils.stringify

local NOTES = { linux = 'In Linux', told = 'Often told otherwise', try = 'Try it', checkpoint = 'Checkpoint' }

local all, labels, path, document = {}, {}, nil, nil

-- How a label reads in a reference: "Section 2.3"; a heading without number by its title, and in another chapter of
-- the volume, or in a bare one, with the section that it is in.
local function reference(link)
  local id = link.target:match('^#(.+)$')
  if not id or #link.content > 0 then return end
  local label = labels[id]
  if not label then
    lib.fail(path, '(#' .. id .. ')', 'undefined reference #' .. id)
    return
  end
  local text = label.number ~= '' and lib.kinds[label.kind] .. '\u{a0}' .. label.number or '“' .. label.title .. '”'
  local bare = link.classes:includes('bare')
  if label.within and label.path ~= path and (bare or lib.volume(label.document) == lib.volume(document)) then
    text = text .. ' in ' .. lib.kinds.sec .. '\u{a0}' .. label.within
  end
  return backend.reference(id, label, text, bare)
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
    return backend.chunk(lib.chunk_with_lines(only.attributes.number))
  end
  if #el.content == 1 and only.t == 'Span' and only.classes:includes('document-here') then
    local kernel = only.attributes.path:match('/%u(%d+)%-')
    return backend.document(only.attributes.path, kernel and 'What kernel ' .. kernel .. ' needs' or 'The source of this chapter')
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

-- The sections that tell much of a term: those that have it in the title, and those that say it often, a term of several
-- words a little less so. An entry with a comma names one sense of a word, which no machine knows.
local OFTEN, MOST = 3, 8
local function told_in(terms)
  local sections = {}
  for _, chapter in ipairs(all) do
    for _, section in ipairs(dofile(lib.prose_path(chapter.stem))) do
      section.kind, section.stem = chapter.kind, chapter.stem
      section.words, section.head = ' ' .. section.text:lower():gsub('[^%w_]+', ' ') .. ' ', ' ' .. section.title:lower():gsub('[^%w_]+', ' ') .. ' '
      if section.number == '' then section.number = section.title end
      section.place = #sections
      sections[#sections + 1] = section
    end
  end
  for _, term in ipairs(terms) do
    local words = term.key:lower():gsub('[^%w_]+', ' ')
    local found = {}
    for _, section in ipairs(term.key:find(',') and {} or sections) do
      local count = 0
      for _, form in ipairs { ' ' .. words .. ' ', ' ' .. words .. 's ', ' ' .. words:gsub('y$', 'ie') .. 's ' } do
        local from = 1
        repeat
          local at, to = section.words:find(form, from, true)
          if at then count, from = count + 1, to end
        until not at
        if section.head:find(form, 1, true) then count = count + 4 end
        if not words:find('y$') and form:find('s $') then break end
      end
      if count >= (words:find(' ') and OFTEN - 1 or OFTEN) then found[#found + 1] = { section = section, weight = count / (#section.words + 1500) } end
    end
    table.sort(found, function(a, b) return a.weight > b.weight or a.weight == b.weight and a.section.place < b.section.place end)
    found = table.move(found, 1, math.min(#found, MOST), 1, {})
    table.sort(found, function(a, b) return a.section.place < b.section.place end)
    term.told = {}
    for _, place in ipairs(found) do
      local known = false
      for _, other in ipairs(term.places) do known = known or other.title == place.section.number end
      if not known then table.insert(term.told, { stem = place.section.stem, kind = place.section.kind, id = place.section.id, title = place.section.number }) end
    end
  end
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
      table.insert(by_key[key].places, { stem = chapter.stem, kind = chapter.kind, id = term.id, title = term.section, mere = term.mere })
    end
  end
  told_in(terms)
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
    if chapter.stem == stem then path, document = chapter.path, chapter.kind end
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
    doc.blocks = pandoc.Blocks {}
    return doc
  end
  if stem == 'subjects' or stem:match('^indexes') then doc.blocks = index_page() end
  -- Inlines first, then blocks from the inside out.
  doc = doc:walk(INLINES)
  if backend.blocks then doc = doc:walk { Blocks = backend.blocks } end
  doc = doc:walk { Para = paragraph, CodeBlock = code_block }
  doc = doc:walk { Div = div, Header = backend.header, Note = backend.footnote }
  doc = backend.finish(doc)
  lib.stop_on_failure()
  return doc
end
