-- nvim --headless -u INIT -l ask_neovim.lua FILE FIX: opens the example with the user's configuration, uses the commands
-- that users have, and prints as JSON what a person would read.  FIX is part of the title of the quick fix to apply.
local file, fix = _G.arg[1], _G.arg[2]
local PATIENCE = 60000 -- milliseconds
local answers = { hints = {}, messages = {} }

vim.notify = function(message) table.insert(answers.messages, message) end
vim.ui.select = function(items, _, choose) choose(items[1]) end

local function wait(what, condition)
  if not vim.wait(PATIENCE, condition, 10) then error('never: ' .. what) end
end

local function lines(buffer) return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, true), '\n') end

local function label(hint) -- may come in parts
  if type(hint.label) == 'string' then return hint.label end
  return table.concat(vim.tbl_map(function(part) return part.value end, hint.label))
end

local function floating()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then return window end
  end
end

local function ask()
  vim.cmd.edit(vim.fn.fnameescape(file))
  vim.bo.filetype = 'python'
  local client
  wait('the server', function()
    client = vim.lsp.get_clients({ bufnr = 0, name = 'shapelens' })[1]
    return client ~= nil and client.initialized
  end)
  answers.encoding, answers.root = client.offset_encoding, client.root_dir

  wait('diagnostics', function() return #vim.diagnostic.get(0) > 0 end)
  local found = vim.diagnostic.get(0)
  answers.count = #found
  answers.diagnostic = { found[1].lnum + 1, found[1].col + 1, found[1].code, found[1].message }

  local hints
  wait('hints', function()
    hints = vim.lsp.inlay_hint.get({ bufnr = 0 })
    return #hints >= 2
  end)
  for _, hint in ipairs(hints) do
    local position = hint.inlay_hint.position
    table.insert(answers.hints, { position.line + 1, position.character + 1, label(hint.inlay_hint) })
  end

  vim.api.nvim_win_set_cursor(0, { 14, 0 })
  vim.lsp.buf.hover()
  wait('a hover', floating)
  local window = floating()
  answers.hover = lines(vim.api.nvim_win_get_buf(window))
  vim.api.nvim_win_close(window, true)

  vim.api.nvim_win_set_cursor(0, { 19, 10 })
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action) return action.title:find(fix, 1, true) ~= nil end,
  })
  wait('the diagnostic to go', function() return #vim.diagnostic.get(0) == 0 end)
  answers.text = lines(0)

  wait('hints of what was fixed', function()
    for _, hint in ipairs(vim.lsp.inlay_hint.get({ bufnr = 0 })) do
      if hint.inlay_hint.position.line == 18 then
        answers.fixed = label(hint.inlay_hint)
        return true
      end
    end
  end)
end

local fine, problem = xpcall(ask, debug.traceback)
if not fine then answers.problem = problem end
io.stdout:write(vim.json.encode(answers), '\n')
vim.cmd('qall!')
