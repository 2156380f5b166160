-- The LaTeX backend of render.lua; the macros that it calls are in book.tex.
local lib = require 'lib'
local latex = {}

local SPECIAL = { ['\\'] = '\\textbackslash{}', ['{'] = '\\{', ['}'] = '\\}', ['$'] = '\\$', ['&'] = '\\&', ['#'] = '\\#',
  ['^'] = '\\textasciicircum{}', ['_'] = '\\_', ['~'] = '\\textasciitilde{}', ['%'] = '\\%', ["'"] = '\\textquotesingle{}', ['`'] = '\\textasciigrave{}' }

local function escape(text) return (text:gsub("[\\{}$&#^_~%%'`]", SPECIAL)) end

-- In a listing every blank is as wide as a letter; ~ is made to mean that there.
local function fixed(text) return (escape(text):gsub(' ', '~')) end

-- In running text a long name may break after these, without a hyphen.
local function breakable(text)
  return (escape(text):gsub('\\_', '\\_\\allowbreak{}'):gsub('([/.,=:(|+])(%w)', '%1\\allowbreak{}%2'):gsub('%-(0x)', '-\\allowbreak{}%1'):gsub('%-%-', '-{}-'))
end

local function inline(text) return pandoc.RawInline('latex', text) end
local function block(text) return pandoc.RawBlock('latex', text) end

-- Text around inlines that pandoc writes.
local function wrap(before, inlines, after)
  local content = pandoc.Inlines {}
  content:insert(inline(before))
  content:extend(inlines)
  content:insert(inline(after))
  return content
end

local function chunk_title(chunk)
  if chunk.root then return '\\rootname{' .. breakable(chunk.name) .. '}' end
  return (escape(lib.typeset(chunk.name)):gsub('%[%[(.-)%]%]', '\\texttt{%1}'))
end

local function chunk_link(chunk)
  return string.format('\\chunklink{c%s}{%s}{%s}', chunk.first, chunk_title(chunk), chunk.first)
end

local function chunk_numbers(numbers)
  local links = {}
  for _, number in ipairs(numbers) do links[#links + 1] = string.format('\\hyperlink{c%s}{%s}', number, number) end
  return table.concat(links, ', ')
end

-- ---- Inlines

function latex.reference(id, _, text)
  if type(text) ~= 'string' then return wrap('\\hyperref[' .. id .. ']{', text, '}') end
  return inline('\\hyperref[' .. id .. ']{' .. escape(text):gsub('\u{a0}', '~') .. '}')
end

function latex.citation(id, content) return wrap('\\hyperlink{' .. id .. '}{', content, '}') end

function latex.chunk_reference(chunk) return inline(chunk_link(chunk)) end

function latex.term(el)
  return wrap('\\term{' .. el.identifier .. '}{', el.content, '}')
end

function latex.code(text) return inline('\\texttt{' .. breakable(text) .. '}') end

function latex.code_with_names(text)
  return inline('\\texttt{' .. lib.cut_names(text, breakable, function(name, number)
    return string.format('\\namelink{c%s}{%s}', number, breakable(name))
  end) .. '}')
end

function latex.footnote() end

-- ---- Blocks

-- LaTeX numbers by itself, and knows where not to (see parts.tex).
function latex.header(el)
  el.classes = el.classes:filter(function(class) return class ~= 'unnumbered' end)
  return el
end

-- What goes on after a listing or a display is no new paragraph.
function latex.paragraph(el)
  local first = el.content[1]
  if first and first.t == 'Str' and first.text:match('^%l') then
    el.content:insert(1, inline('\\noindent{}'))
    return el
  end
end

-- Tabs stop at every eighth column.
local function expand_tabs(text, column)
  local parts = {}
  for c in text:gmatch(utf8.charpattern) do
    local shown = c == '\t' and string.rep(' ', 8 - column % 8) or c
    parts[#parts + 1] = shown
    column = column + (c == '\t' and #shown or 1)
  end
  return table.concat(parts), column
end

local SHORT = 12	-- a chunk of so many lines stays on one page
local EDGE = 4	-- a longer one is not divided within so many lines of its ends

local function text_of(line)
  local parts = {}
  for _, part in ipairs(line.parts or {}) do parts[#parts + 1] = part[2] end
  return table.concat(parts)
end

-- Whether a page may not end between two lines: not between a function's head and its brace, not
-- inside the comment above it, not just before what closes it.
local function inseparable(above, below)
  return below:match('^{') or below:match('^}') or above:match('^{') or below:match('^ %*') or above:match('^ %*/')
    or above:match('^[%w_.]+:%s*$')
end

function latex.chunk(chunk)
  local parts = { string.format('\\begin{%s}{%s}{%s}{%s}', #chunk.lines > SHORT and 'longchunk' or 'chunk',
    chunk.number, chunk_title(chunk), chunk.number == chunk.first and '\\equiv' or '+\\!\\equiv') }
  for i, line in ipairs(chunk.lines) do
    local above = chunk.lines[i - 1]
    if above and (i <= EDGE or i > #chunk.lines - EDGE + 1 or inseparable(text_of(above), text_of(line))) then
      parts[#parts + 1] = '\\nobreak'
    end
    local column, shown = 0, {}
    for _, part in ipairs(line.parts or {}) do
      local class, text, target = part[1], part[2], part[3]
      if class == 'use' then
        shown[#shown + 1] = chunk_link(lib.web.chunks[target])
      else
        text, column = expand_tabs(text, column)
        text = fixed(text)
        if target and class ~= 'definition' then text = '\\namelink{c' .. target .. '}{' .. text .. '}' end
        shown[#shown + 1] = class == '' and text or '\\k' .. class .. '{' .. text .. '}'
      end
    end
    parts[#parts + 1] = '\\codeline{' .. line.line .. '}{' .. table.concat(shown) .. '}'
  end
  if #chunk.lines == 0 then parts[#parts + 1] = '\\emptychunk' end
  local links = {}
  if chunk.previous then links[#links + 1] = 'continues ' .. chunk_numbers { chunk.previous } end
  if chunk.next then links[#links + 1] = 'continued in ' .. chunk_numbers { chunk.next } end
  if #chunk.used > 0 then links[#links + 1] = 'used in ' .. chunk_numbers(chunk.used) end
  if #chunk.defines > 0 then
    local names = {}
    for _, name in ipairs(chunk.defines) do names[#names + 1] = '\\texttt{' .. breakable(name) .. '}' end
    links[#links + 1] = 'defines ' .. table.concat(names, ', ')
  end
  if #links > 0 then parts[#parts + 1] = '\\chunklinks{' .. table.concat(links, '\\linksep ') .. '}' end
  parts[#parts + 1] = #chunk.lines > SHORT and '\\end{longchunk}' or '\\end{chunk}'
  return block(table.concat(parts, '\n'))
end

local WIDTH = 78	-- columns of a box for the machine's output; a longer line goes on under a mark

local function wrapped(line)
  local pieces, length = {}, utf8.len(line)
  if not length then line, length = line:gsub('[\x80-\xff]', '?'), #line end
  if length <= WIDTH then return { line } end
  local width, start = WIDTH, 1
  while start <= length do
    local stop = math.min(start + width - 1, length)
    local piece = line:sub(utf8.offset(line, start), utf8.offset(line, stop + 1) - 1)
    -- At a blank, if there is one that leaves most of the line full.
    local blank = stop < length and piece:match('^.*()%s')
    if blank and utf8.len(piece, 1, blank) > WIDTH - 25 then
      piece = piece:sub(1, blank)
      stop = start + utf8.len(piece) - 1
    end
    pieces[#pieces + 1] = piece
    start, width = stop + 1, WIDTH - 2
  end
  return pieces
end

local function output(lines, environment, argument)
  local parts = { '\\begin{' .. environment .. '}' .. argument }
  for _, line in ipairs(lines) do
    local typed = line:match('^monitor> ')
    line = expand_tabs(line, 0)
    for i, piece in ipairs(wrapped(line)) do
      if i > 1 then
        parts[#parts + 1] = '\\wrappedline{' .. fixed(piece) .. '}'
      elseif typed then
        parts[#parts + 1] = '\\outputline{monitor>~\\typed{' .. fixed(piece:sub(10)) .. '}}'
      else
        parts[#parts + 1] = '\\outputline{' .. fixed(piece) .. '}'
      end
    end
  end
  parts[#parts + 1] = '\\end{' .. environment .. '}'
  return table.concat(parts, '\n')
end

function latex.transcript(lines, about, caption)
  local box = output(lines, #lines > SHORT and 'longtranscript' or 'transcript', '{' .. escape(about) .. '}')
  if not caption then return block(box) end
  return { block(box), pandoc.Plain(wrap('\\transcriptcaption{', caption, '}')) }
end

function latex.listing(text)
  local lines = {}
  for line in (text .. '\n'):gmatch('(.-)\n') do lines[#lines + 1] = line end
  return block(output(lines, 'plainlisting', ''))
end

function latex.figure(id, name, _, caption)
  return {
    block('\\begin{figure}[tbp]\\drawing{' .. name .. '}'),
    pandoc.Plain(wrap('\\caption{', caption, (id ~= '' and '\\label{' .. id .. '}' or '') .. '}')),
    block('\\end{figure}') }
end

function latex.equation(id, _, paragraph)
  local math = paragraph.content[1]
  return block('\\begin{equation}' .. math.text .. '\\label{' .. id .. '}\\end{equation}')
end

function latex.numbered_table(id, _, el)
  if id ~= '' then el.caption.long[1].content:insert(inline('\\label{' .. id .. '}')) end
  return el
end

function latex.exercise(id, number, title, level, content)
  return {
    block(string.format('\\begin{exercise}{%s}{%s}{%s}{%s}', number, escape(title or ''), escape(level or ''), id)),
    pandoc.Div(content), block('\\end{exercise}') }
end

function latex.note(class, title, content)
  return { block('\\begin{note}{' .. class .. '}{' .. title .. '}'), pandoc.Div(content), block('\\end{note}') }
end

-- ---- Pages

function latex.begin() end
function latex.heading() return {} end	-- parts.tex has it
function latex.finish(doc) return doc end

local function index(title, lines)
  return '\\indexsection{' .. title .. '}\n\\begin{indexlist}\n' .. table.concat(lines, '\n') .. '\n\\end{indexlist}\n'
end

local function labels(numbers)
  local list = {}
  for _, number in ipairs(numbers) do list[#list + 1] = 'c' .. number end
  return table.concat(list, ',')
end

-- Pages are bold where a thing is defined; a page is named once (see \pages in book.tex).
function latex.indexes(chunks, identifiers, terms)
  local lists = { {}, {}, {} }
  for _, chunk in ipairs(chunks) do
    table.insert(lists[1], '\\indexentry{' .. (chunk.first.root and chunk_title(chunk.first) or '\\chunkname{' .. chunk_title(chunk.first) .. '}')
      .. '}{' .. labels(chunk.defined) .. '}{' .. labels(chunk.used) .. '}')
  end
  for _, entry in ipairs(identifiers) do
    table.insert(lists[2], '\\indexentry{\\texttt{' .. breakable(entry.name) .. '}}{' .. labels(entry.defined) .. '}{' .. labels(entry.used) .. '}')
  end
  for _, term in ipairs(terms) do
    local ids = {}
    for _, place in ipairs(term.places) do ids[#ids + 1] = place.id end
    table.insert(lists[3], '\\indexentry{' .. escape(term.key) .. '}{' .. table.concat(ids, ',') .. '}{}')
  end
  return pandoc.Blocks { block(index('Chunks', lists[1]) .. index('Identifiers', lists[2]) .. index('Terms', lists[3])) }
end

return latex
