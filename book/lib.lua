-- What both filters need: names of things, the files of the web, errors with a chapter's line.
local lib = {}

local out = os.getenv('WEAVE_OUT') or 'build/book'

-- The web is large: it is read when somebody asks for it, and the lines of chunks for one chapter only.
setmetatable(lib, { __index = function(self, key)
  if key ~= 'web' then return nil end
  self.web = dofile(out .. '/web.lua')
  return self.web
end })

local lines_of = {}
function lib.chunk_with_lines(number)
  local chunk = lib.web.chunks[number]
  if not lines_of[chunk.stem] then lines_of[chunk.stem] = dofile(out .. '/' .. chunk.stem .. '.lines.lua') end
  chunk.lines = lines_of[chunk.stem][number]
  return chunk
end

-- How a reference to each kind of label reads.
lib.kinds = { ch = 'Chapter', app = 'Appendix', st = 'Self-tests', sec = 'Section', fig = 'Figure', tab = 'Table', ex = 'Exercise', eq = 'Equation' }

-- The kind of label that the heading of each kind of document has.
lib.chapter_kinds = { front = 'ch', story = 'ch', workshop = 'app', selftests = 'st' }

function lib.labels_path(stem) return out .. '/' .. stem .. '.labels.lua' end

function lib.prose_path(stem) return out .. '/' .. stem .. '.prose.lua' end

-- The volume on paper that a kind of document is in; self-tests are in none.
local VOLUMES = { front = 'book', story = 'book', workshop = 'workshop' }
function lib.volume(kind) return VOLUMES[kind] end

-- The volume that a chunk's number names: 3.17, B.17, S3.17.
function lib.volume_of(number)
  return number:match('^%d') and 'book' or number:match('^%u%.') and 'workshop' or nil
end

function lib.kind_of(stem)
  for _, chapter in ipairs(lib.web.chapters) do
    if chapter.stem == stem then return chapter.kind end
  end
end

-- The labels of all chapters, in order: a list of what read.lua wrote.
function lib.all_labels()
  local all = {}
  for _, chapter in ipairs(lib.web.chapters) do
    all[#all + 1] = dofile(lib.labels_path(chapter.stem))
  end
  return all
end

function lib.lines(path)
  local lines = {}
  for line in io.lines(path) do lines[#lines + 1] = line end
  return lines
end

-- The lines of a chapter's documents, with where they stand. Their paths are one string, with blanks between.
local function places(paths)
  local all = {}
  for path in paths:gmatch('%S+') do
    for number, line in ipairs(lib.lines(path)) do all[#all + 1] = { line = line, at = path .. ':' .. number } end
  end
  return all
end

-- Errors are gathered; the line is the first in the chapter's source that has the words in question, and
-- was not named before.
local failures, named = 0, {}
function lib.fail(paths, needle, message)
  local place = paths
  for _, line in ipairs(places(paths)) do
    if line.line:find(needle, 1, true) then
      place = line.at
      if not named[place .. needle] then named[place .. needle] = true break end
    end
  end
  io.stderr:write(place, ': ', message, '\n')
  failures = failures + 1
end

-- PATH:LINE of the first line that has these words.
function lib.place(paths, needle)
  for _, line in ipairs(places(paths)) do
    if line.line:find(needle, 1, true) then return line.at end
  end
  return paths
end

-- The line that defines a label; a reference to it, (#id), is none.
function lib.definition(paths, id)
  local name = '#' .. id:gsub('%p', '%%%0')
  for _, line in ipairs(places(paths)) do
    if line.line:find('[{%s]' .. name .. '[%s}]') then return line.line end
  end
  return '#' .. id
end

function lib.stop_on_failure()
  if failures > 0 then os.exit(1) end
end

function lib.quote(value)
  if type(value) ~= 'table' then return string.format('%q', value) end
  local parts = {}
  for _, item in ipairs(value) do parts[#parts + 1] = lib.quote(item) end
  local keys = {}
  for key in pairs(value) do if type(key) == 'string' then keys[#keys + 1] = key end end
  table.sort(keys)
  for _, key in ipairs(keys) do parts[#parts + 1] = string.format('[%q]=%s', key, lib.quote(value[key])) end
  return '{' .. table.concat(parts, ',') .. '}'
end

function lib.write_if_changed(path, text)
  local old = io.open(path)
  if old then
    local same = old:read('a') == text
    old:close()
    if same then return end
  end
  local file = assert(io.open(path, 'w'))
  file:write(text)
  file:close()
end

-- An apostrophe as it is typed in a chunk's name, and as it is set.
function lib.typed(text) return (text:gsub('\u{a0}', ' '):gsub('’', "'")) end
function lib.typeset(text) return (text:gsub("'", '’')) end

-- The name of an identifier in the index; the kernel's own comes first when a tool has the same.
function lib.identifiers()
  local by_name = {}
  for _, entry in ipairs(lib.web.identifiers) do
    if not by_name[entry.name] or entry.family == 'kernel' then by_name[entry.name] = entry end
  end
  return by_name
end

-- The text of code, cut at the identifiers that the book defines: calls either function in turn.
function lib.cut_names(code, plain, name)
  local by_name = lib.known or lib.identifiers()
  lib.known = by_name
  local parts, start = {}, 1
  for from, word, after in code:gmatch('()([%a_][%w_]*)()') do
    local entry = by_name[word]
    local before = code:sub(from - 1, from - 1)
    if entry and before ~= '.' and not (before == '>' and code:sub(from - 2, from - 2) == '-') then
      parts[#parts + 1] = plain(code:sub(start, from - 1)) .. name(word, entry.defined[1])
      start = after
    end
  end
  return table.concat(parts) .. plain(code:sub(start))
end

function lib.slug(text)
  return (text:lower():gsub('[^%w]+', '-'):gsub('^%-+', ''):gsub('%-+$', ''))
end

return lib
