-- The LaTeX backend of render.lua; the macros that it calls are in book.tex.
local lib = require 'lib'
local latex = {}
local volume	-- that this part belongs to

local SPECIAL = { ['\\'] = '\\textbackslash{}', ['{'] = '\\{', ['}'] = '\\}', ['$'] = '\\$', ['&'] = '\\&', ['#'] = '\\#',
  ['^'] = '\\textasciicircum{}', ['_'] = '\\_', ['~'] = '\\textasciitilde{}', ['%'] = '\\%', ["'"] = '\\textquotesingle{}', ['`'] = '\\textasciigrave{}' }

local function escape(text) return (text:gsub("[\\{}$&#^_~%%'`]", SPECIAL)) end

-- In a listing every blank is as wide as a letter; ~ is made to mean that there.
local function fixed(text) return (escape(text):gsub(' ', '~')) end

-- In running text a long name may break after these, without a hyphen; not after the underscores that it begins with,
-- nor before a suffix of one letter.
local function breakable(text)
  return (escape(text):gsub('%f[%w\\_](\\[_\\]*)', function(lead) return lead:gsub('_', '_{}') end)
    :gsub('\\_(%w)', '\\_\\allowbreak{}%1'):gsub('([/,=:(|+])(%w)', '%1\\allowbreak{}%2'):gsub('%.(%w%w)', '.\\allowbreak{}%1'):gsub('%-(0x)', '-\\allowbreak{}%1'):gsub('%-%-', '-{}-'))
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
  return (escape(lib.typeset(chunk.name)):gsub('%[%[(.-)%]%]', '\\nameincode{%1}'))
end

-- The macro that makes a link: into this volume, into the other one, or, what is on no paper, none.
local function link_into(where) return where == volume and '\\namelink' or where and '\\otherlink' or '\\nolink' end
local function link_to(number) return link_into(lib.volume_of(number)) end

local function chunk_link(chunk)
  return string.format('\\chunklink{%s}{c%s}{%s}{%s}', link_to(chunk.first), chunk.first, chunk_title(chunk), chunk.first)
end

local function chunk_number(number)
  return string.format(lib.volume_of(number) and '%s{c%s}{\\incolour\\inkcolour{%s}}' or '%s{c%s}{%s}', link_to(number), number, number)
end

local function chunk_numbers(numbers)
  local links = {}
  for _, number in ipairs(numbers) do links[#links + 1] = chunk_number(number) end
  return table.concat(links, ', ')
end

-- ---- Inlines

-- One into the other volume says so, a section of the workshop by that word; a section of the story needs none, since
-- its number has no letter. One to the self-tests has the number only, of its section if it has none itself, and so
-- has one that is bare.
function latex.reference(id, label, text, bare)
  local where = lib.volume(label.document)
  if not where and label.within then text = lib.kinds.sec .. '\u{a0}' .. label.within .. ' in the HTML' end
  local section, bookish
  if where and where ~= volume and not bare and type(text) == 'string' then
    bookish = where == 'book' and label.kind ~= 'ch' and label.number ~= ''
    text, section = text:gsub('^' .. lib.kinds.sec .. '\u{a0}', where == 'workshop' and 'Workshop\u{a0}' or '%0')
  end
  local plain = bare or section == 1 or bookish
  local macro = where == volume and '\\hyperlink' or not where and '\\nolink' or plain and '\\elsewhere' or '\\elsewherewhole'
  if type(text) ~= 'string' then return wrap(macro .. '{' .. id .. '}{', text, '}') end
  return inline(macro .. '{' .. id .. '}{' .. escape(text):gsub('\u{a0}', '~') .. '}')
end

-- The bibliography is in the book.
function latex.citation(id, content)
  if volume == 'book' then return wrap('\\hyperlink{' .. id .. '}{', content, '}') end
  return wrap('\\otherlink{' .. id .. '}{\\incolour\\inkcolour{', content, '}}')
end

function latex.chunk_reference(chunk) return inline(chunk_link(chunk)) end

function latex.term(el)
  return wrap('\\term{' .. el.identifier .. '}{', el.content, '}')
end

-- Code in prose is shown exactly, every blank of it, and a short piece stays on one line. A longer one with blanks, a
-- command, breaks at a blank, if it must, and within a word only if that is long itself.
local WHOLE, WORD = 26, 32
local function unbroken(text) return (escape(text):gsub(' ', '\\ '):gsub('%-%-', '-{}-')) end
local function words(text)
  return (text:gsub('[^ ]+', function(word) return (utf8.len(word) < WORD and unbroken or breakable)(word) end):gsub(' ', '\\codeblank{}'))
end
local function show_code(text, shown)
  if utf8.len(text) < WHOLE then return inline('\\texttt{\\mbox{' .. shown(unbroken) .. '}}') end
  return inline('\\texttt{' .. shown(text:find(' ') and words or breakable) .. '}')
end

function latex.code(text)
  return show_code(text, function(show) return show(text) end)
end

function latex.code_with_names(text)
  return show_code(text, function(show)
    return lib.cut_names(text, show, function(name, number)
      return string.format('%s{c%s}{%s}', link_to(number), number, show(name))
    end)
  end)
end

function latex.footnote() end

-- ---- Blocks

-- LaTeX numbers by itself, and knows where not to (see book-parts.tex).
function latex.header(el)
  if el.classes:includes('skip') then el.content:insert(inline('\\skipstar{}')) end
  el.classes = el.classes:filter(function(class) return class ~= 'unnumbered' and class ~= 'skip' end)
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

local SHORT = 8	-- a chunk or transcript of so many lines stays on one page
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

-- How bad it is that a page ends above line i of so many, if it may: best beside a blank line.
local function division(lines, i)
  if #lines <= SHORT or i <= EDGE or i > #lines - EDGE + 1 then return '' end
  local above, below = text_of(lines[i - 1]), text_of(lines[i])
  if inseparable(above, below) then return '' end
  return '\\canbreak{' .. ((above:match('^%s*$') or below:match('^%s*$')) and 50 or 200) .. '}'
end

-- A line that is a chunk's name and nothing else.
local function is_name(line)
  local name = false
  for _, part in ipairs(line and line.parts or {}) do
    if part[1] == 'use' then name = true elseif part[2]:match('%S') then return false end
  end
  return name
end

-- The file that a chunk flows into, and the function that it is in.
local function place(chunk)
  local parts = {}
  if chunk.file ~= '' and not (chunk.root and chunk.number == chunk.first) then parts[1] = '\\texttt{' .. breakable(chunk.file) .. '}' end
  if chunk.within ~= '' then parts[#parts + 1] = '\\texttt{' .. breakable(chunk.within) .. '}' end
  return #parts > 0 and table.concat(parts, ' · ') or nil
end

function latex.chunk(chunk)
  -- An empty one is a place for others; what leads to it finds it here.
  if #chunk.lines == 0 then return block('\\emptychunk{' .. chunk.number .. '}') end
  local links = { place(chunk) }
  if chunk.previous then links[#links + 1] = 'continues ' .. chunk_numbers { chunk.previous } end
  if chunk.next then links[#links + 1] = 'continued in ' .. chunk_numbers { chunk.next } end
  if #chunk.used > 0 then links[#links + 1] = 'used in ' .. chunk_numbers(chunk.used) end
  if #chunk.defines > 0 then
    local names = {}
    for _, name in ipairs(chunk.defines) do names[#names + 1] = '\\texttt{' .. breakable(name) .. '}' end
    links[#links + 1] = 'defines ' .. table.concat(names, ', ')
  end
  links = table.concat(links, '\\linksep ')
  local head = string.format('{%s}{%s}{%s}', chunk.number, chunk_title(chunk), chunk.number == chunk.first and '≡' or '+≡')
  local long = #chunk.lines > SHORT
  local parts = { '\\begin{' .. (long and 'longchunk' or 'chunk') .. '}' .. head }
  for i, line in ipairs(chunk.lines) do
    local column, shown = 0, {}
    for _, part in ipairs(line.parts or {}) do
      local class, text, target = part[1], part[2], part[3]
      if class == 'use' then
        shown[#shown + 1] = chunk_link(lib.web.chunks[target])
      else
        text, column = expand_tabs(text, column)
        text = fixed(text)
        if target and class ~= 'definition' then text = link_to(target) .. '{c' .. target .. '}{' .. text .. '}' end
        shown[#shown + 1] = class == '' and text or '\\k' .. class .. '{' .. text .. '}'
      end
    end
    -- In an outline, a list of names, a blank line is a narrow one.
    local narrow = #shown == 0 and is_name(chunk.lines[i - 1]) and is_name(chunk.lines[i + 1])
    parts[#parts + 1] = division(chunk.lines, i)
      .. (narrow and '\\outlinegap' or '\\codeline{' .. line.line .. '}{' .. table.concat(shown) .. '}')
  end
  if long then parts[#parts + 1] = '\\closechunk' end
  if links ~= '' then parts[#parts + 1] = '\\chunklinks{' .. links .. '}' end
  parts[#parts + 1] = '\\end{' .. (long and 'longchunk' or 'chunk') .. '}'
  return block(table.concat(parts, '\n'))
end

-- Where a document begins.
function latex.document(path, what)
  return block('\\documentbegins{' .. what .. '}{' .. breakable(path) .. '}')
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

-- Rows of numbers that are too wide: of blanks that all of them share only a few are kept.
local function narrowed(rows)
  local full, widest = {}, 0
  for _, line in ipairs(rows) do
    for column in line:gmatch('()%S') do full[column] = true end
    widest = math.max(widest, #line)
  end
  local keep = 4
  while widest > WIDTH and keep > 1 do
    keep, widest = keep - 1, 0
    local blanks, drop = 0, {}
    for column = 1, #rows[1] + 100 do
      blanks = full[column] and 0 or blanks + 1
      drop[column] = blanks > keep
    end
    for n, line in ipairs(rows) do
      rows[-n] = line:gsub('().', function (column) if drop[column] then return '' end end)
      widest = math.max(widest, #rows[-n])
    end
  end
  local narrow = {}
  for n, line in ipairs(rows) do narrow[n] = rows[-n] or line end
  return narrow
end

local function is_row(line)
  return select(2, line:gsub('  +%d+%f[%s\0]', '')) >= 4 and not line:find('[|\x80-\xff]')
end

local function fitted(lines)
  local out, n = {}, 1
  while n <= #lines do
    local rows = {}
    while lines[n] and is_row(lines[n]) do
      rows[#rows + 1], n = expand_tabs(lines[n], 0):match('^(.-)%s*$'), n + 1
    end
    for _, line in ipairs(narrowed(rows)) do out[#out + 1] = line end
    if lines[n] and not is_row(lines[n]) then out[#out + 1], n = lines[n], n + 1 end
  end
  return out
end

local function output(lines, environment, argument, cut)
  lines = fitted(lines)
  local parts = { '\\begin{' .. environment .. '}' .. argument }
  if cut.before then parts[#parts + 1] = '\\cutline' end
  for n, line in ipairs(lines) do
    if #lines > SHORT and n > EDGE and n <= #lines - EDGE + 1 then parts[#parts + 1] = '\\canbreak{100}' end
    local typed = line:match('^monitor> ')
    line = expand_tabs(line, 0):gsub('%s+$', '')
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
  if cut.after then parts[#parts + 1] = '\\cutline' end
  parts[#parts + 1] = '\\end{' .. environment .. '}'
  return table.concat(parts, '\n')
end

function latex.transcript(lines, about, caption, cut)
  local box = output(lines, 'transcript', '{' .. fixed(about) .. '}', cut)
  if not caption then return block(box .. '\\letfloats') end
  return { block(box), pandoc.Plain(wrap('\\transcriptcaption{', caption, '}')) }
end

function latex.listing(text)
  local lines = {}
  for line in (text .. '\n'):gmatch('(.-)\n') do lines[#lines + 1] = line end
  return block(output(lines, 'plainlisting', '', {}))
end

-- A paragraph that ends with a colon stays on the page with what comes next.
local function leads(el)
  local last = el.t == 'Para' and el.content[#el.content]
  return last and last.t == 'Str' and last.text:match(':$')
end

function latex.blocks(blocks)
  for i = #blocks - 1, 1, -1 do
    if leads(blocks[i]) then blocks:insert(i + 1, block('\\leadin')) end
  end
  return blocks
end

function latex.figure(id, name, _, caption)
  return {
    block('\\begin{figure}[!ht]' .. (id ~= '' and '\\anchor{' .. id .. '}' or '') .. '\\drawing{' .. name .. '}'),
    pandoc.Plain(wrap('\\caption{', caption, '}')),
    block('\\end{figure}') }
end

function latex.equation(id, _, paragraph)
  local math = paragraph.content[1]
  return block('\\anchor{' .. id .. '}\\begin{equation}' .. math.text .. '\\end{equation}')
end

-- A table of up to SHORT rows stays on one page, a longer one is not divided within EDGE rows of its ends.
local function keep_together(rows)
  for i = 2, #rows do
    if #rows <= SHORT or i <= EDGE or i > #rows - EDGE + 1 then
      local cell = rows[i].cells[1]
      if #cell.contents == 0 then cell.contents:insert(pandoc.Plain {}) end
      cell.contents[1].content:insert(1, inline('\\noalign{\\nobreak}'))
    end
  end
end

function latex.numbered_table(id, _, el)
  if id ~= '' then el.caption.long[1].content:insert(1, inline('\\anchor{' .. id .. '}')) end
  for _, body in ipairs(el.bodies) do keep_together(body.body) end
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

function latex.skip_note(content) return pandoc.Plain(wrap('\\skipnote{', content, '}')) end

-- ---- Pages

function latex.begin(_, stem) volume = stem:match('^indexes%-(.*)') or lib.volume(lib.kind_of(stem)) or 'book' end
function latex.finish(doc) return doc end

local function index(title, lines)
  return '\\indexsection{' .. title .. '}\n\\begin{indexlist}\n' .. table.concat(lines, '\n') .. '\n\\end{indexlist}\n'
end

-- The labels of the chunks that are in this volume, and the numbers of the others.
local function places(numbers)
  local here, others = {}, {}
  for _, number in ipairs(numbers) do
    if lib.volume_of(number) == volume then here[#here + 1] = 'c' .. number else others[#others + 1] = ', ' .. chunk_number(number) end
  end
  return table.concat(here, ','), table.concat(others)
end

local function entry_line(shown, defined, used)
  local here, others = places(defined)
  local used_here = places(used)
  if here == '' and used_here == '' then return nil end
  return '\\indexentry{' .. shown .. '}{' .. here .. '}{' .. others .. '}{' .. used_here .. '}'
end

-- An index is of its volume: it lists what that defines or uses. Pages are bold where a thing is defined; what is
-- defined elsewhere has the number of the chunk. A page is named once (see \pages in book.tex).
function latex.indexes(chunks, identifiers, terms)
  local lists = { {}, {}, {} }
  for _, chunk in ipairs(chunks) do
    table.insert(lists[1], entry_line(chunk.first.root and chunk_title(chunk.first) or '\\chunkname{' .. chunk_title(chunk.first) .. '}',
      chunk.defined, chunk.used))
  end
  for _, entry in ipairs(identifiers) do
    table.insert(lists[2], entry_line('\\texttt{' .. breakable(entry.name) .. '}', entry.defined, entry.used))
  end
  for _, term in ipairs(terms) do
    local defined, told = {}, {}
    for _, place in ipairs(term.places) do
      if lib.volume(place.kind) == volume then table.insert(place.mere and told or defined, place.id) end
    end
    for _, place in ipairs(term.told) do
      if lib.volume(place.kind) == volume then told[#told + 1] = place.id end
    end
    if #defined + #told > 0 then
      table.insert(lists[3], '\\indexentry{' .. escape(term.key) .. '}{' .. table.concat(defined, ',') .. '}{}{' .. table.concat(told, ',') .. '}')
    end
  end
  return pandoc.Blocks { block('\\startindexes\n' .. index('Chunks', lists[1]) .. index('Identifiers', lists[2]) .. index('Subjects', lists[3])) }
end

return latex
