-- First filter, one chapter at a time: numbers what has a number, and writes down every label, term
-- and citation, so that the second filter can resolve references across the whole book.
package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local lib = require 'lib'
local stringify = pandoc.utils.stringify

local stem, path, kind, number, figures
local found = { labels = {}, terms = {}, cites = {} }
local count = { sec = 0, sub = 0, fig = 0, tab = 0, ex = 0, eq = 0 }
local known_keys = {}
local section	-- where the walk for terms is

local within	-- the section that a heading without number is in
local function label(id, kind, shown, title)
  if id == '' then return end
  if found.labels[id] then lib.fail(path, '#' .. id, 'label ' .. id .. ' is defined twice') end
  found.labels[id] = { kind = kind, number = shown or '', title = title or '', stem = stem,
    within = kind == 'sec' and not shown and within or nil }
end

local function next_number(kind)
  count[kind] = count[kind] + 1
  if number ~= '' then return number .. '.' .. count[kind] end
  return kind == 'sec' and '' or tostring(count[kind])	-- in the front matter
end

-- A section that may be skipped has a star, and a line below its heading that says what it is for.
local function skip_note(el)
  local purpose = el.attributes['for']
  if not purpose then
    lib.fail(path, '{#' .. el.identifier, 'a section that may be skipped says what it is for: .skip for="…"')
    return
  end
  el.attributes['for'] = nil
  return pandoc.Div({ pandoc.Plain(pandoc.read(purpose, 'markdown').blocks[1].content) }, pandoc.Attr('', { 'skip-note' }))
end

local function header(el)
  local title = stringify(el.content)
  local skip = el.classes:includes('skip')
  local note = skip and skip_note(el)
  -- An identifier that pandoc made out of the title is unique in its chapter only.
  if not el.identifier:match('^%a+:') then el.identifier = 'sec:' .. stem .. ':' .. el.identifier end
  if el.level == 1 then
    found.title = title
    found.id = el.identifier
    if number ~= '' then el.attributes.number = number else el.classes:insert('unnumbered') end
    label(el.identifier, lib.chapter_kinds[kind], number, title)
  elseif el.level == 2 then
    local shown = next_number('sec')
    if shown ~= '' then el.attributes.number = shown else el.classes:insert('unnumbered') end
    count.sub = 0
    within = shown ~= '' and shown or nil
    label(el.identifier, 'sec', shown, title)
  elseif el.level == 3 and number ~= '' then
    count.sub = count.sub + 1
    el.attributes.number = number .. '.' .. count.sec .. '.' .. count.sub
    within = el.attributes.number
    label(el.identifier, 'sec', within, title)
  else
    el.classes:insert('unnumbered')
    label(el.identifier, 'sec', nil, title)
  end
  if note then return { el, note } end
  return el
end

-- {#tab:id} at the end of a caption, which this pandoc leaves as text.
local function take_id(inlines, kind)
  local last = inlines[#inlines]
  local id = last and last.t == 'Str' and last.text:match('^{#(' .. kind .. ':[^}]+)}$')
  if id then
    inlines:remove()
    while #inlines > 0 and (inlines[#inlines].t == 'Space' or inlines[#inlines].t == 'SoftBreak') do inlines:remove() end
  end
  return id
end

local function exists(file)
  local handle = io.open(file)
  if handle then handle:close() end
  return handle ~= nil
end

local function figure(image)
  local name = image.src:match('^figures/([%w_-]+)$')
  if not name then
    lib.fail(path, image.src, 'a figure is named figures/NAME, without extension: ' .. image.src)
    return
  end
  if not (exists(figures .. '/' .. name .. '.tex') or exists(figures .. '/' .. name .. '.pl')) then
    lib.fail(path, image.src, 'missing figure: neither figures/' .. name .. '.tex nor figures/' .. name .. '.pl exists')
  end
  local shown = next_number('fig')
  label(image.identifier, 'fig', shown)
  return pandoc.Div({ pandoc.Plain(image.caption) },
    pandoc.Attr(image.identifier, { 'figure' }, { name = name, number = shown }))
end

local function paragraph(el)
  local content = el.content
  if #content == 1 and content[1].t == 'Image' then return figure(content[1]) end
  if #content >= 1 and content[1].t == 'Math' and content[1].mathtype == 'DisplayMath' then
    local id = take_id(content, 'eq')
    if id then
      local shown = next_number('eq')
      label(id, 'eq', shown)
      return pandoc.Div({ pandoc.Para(content) }, pandoc.Attr(id, { 'equation' }, { number = shown }))
    end
  end
end

local function div(el)
  if el.classes:includes('exercise') then
    local shown = next_number('ex')
    el.attributes.number = shown
    label(el.identifier, 'ex', shown, el.attributes.title)
    return el
  end
end

local function caption_table(el)
  local last = el.caption.long[#el.caption.long]
  if not last then return end
  local id = take_id(last.content, 'tab')
  local shown = next_number('tab')
  if id then label(id, 'tab', shown) end
  return pandoc.Div({ el }, pandoc.Attr(id or '', { 'table' }, { number = shown }))
end

local function span(el)
  if el.classes:includes('term') then
    local key = el.attributes.key or stringify(el.content)
    local id = 'term:' .. number .. ':' .. lib.slug(key)
    while found.labels[id] do id = id .. '+' end
    label(id, 'term')
    found.terms[#found.terms + 1] = { key = key, id = id, section = section }
    el.identifier = id
    return el
  end
end

-- A place for the index that defines nothing: the text, or nothing, of `[text]{.index key="entry"}`.
local function index_place(el)
  if not el.classes:includes('index') then return end
  local key = el.attributes.key or stringify(el.content)
  local id = 'index:' .. number .. ':' .. lib.slug(key)
  while found.labels[id] do id = id .. '+' end
  label(id, 'term')
  found.terms[#found.terms + 1] = { key = key, id = id, section = section, mere = 'yes' }
  return pandoc.Span(el.content, pandoc.Attr(id, { 'index' }))
end

-- The prose of each section, for the index to find what is told where.
local function prose_of(doc)
  local sections = {}
  for _, el in ipairs(doc.blocks) do
    if el.t == 'Header' and el.level <= 3 then
      sections[#sections + 1] = { id = el.identifier, title = stringify(el.content), number = el.attributes.number or '', text = '' }
    elseif #sections > 0 and el.t ~= 'CodeBlock' then
      local last = sections[#sections]
      last.text = last.text .. ' ' .. stringify(el)
    end
  end
  return sections
end

local function cite(el)
  for _, citation in ipairs(el.citations) do
    if not known_keys[citation.id] then
      lib.fail(path, '@' .. citation.id, 'undefined citation @' .. citation.id .. ' (see book/references.yaml)')
    end
    found.cites[#found.cites + 1] = citation.id
  end
end

function Pandoc(doc)
  local meta = doc.meta
  stem, path, kind = stringify(meta.stem), stringify(meta.path), stringify(meta.document)
  number, figures = stringify(meta.number), stringify(meta.figures)
  for _, line in ipairs(lib.lines(stringify(meta.references))) do
    local id = line:match('^%s*%- id:%s*(%S+)')
    if id then known_keys[id] = true end
  end
  -- From the outside in, which is the order of the text; a table that has been wrapped is not met again.
  doc.blocks = doc.blocks:walk {
    traverse = 'topdown', Header = header, Para = paragraph, Div = div,
    Table = function(el)
      local wrapped = caption_table(el)
      if wrapped then return wrapped, false end
    end,
  }
  doc.blocks:walk { Cite = cite }
  doc.blocks = doc.blocks:walk {
    traverse = 'topdown', Span = function(el) return span(el) or index_place(el) end,
    Header = function(el) if el.level <= 3 then section = el.attributes.number or pandoc.utils.stringify(el.content) end end,
  }
  if not found.title then lib.fail(path, '# ', 'the chapter has no heading "# Title {#ch:id}"') end
  lib.stop_on_failure()
  found.stem, found.path, found.kind, found.number = stem, path, kind, number
  lib.write_if_changed(lib.prose_path(stem), 'return ' .. lib.quote(prose_of(doc)) .. '\n')
  lib.write_if_changed(lib.labels_path(stem), 'return ' .. lib.quote(found) .. '\n')
  return doc
end
