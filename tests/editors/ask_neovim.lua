-- nvim --headless --clean -l ask_neovim.lua QUESTIONS.json: opens a file with Shapelens, prints what Neovim knows as JSON.
-- QUESTIONS: runtime (folder with lsp/shapelens.lua), cmd (of the server), file, hover ([line, column] from 1),
-- diagnostics and hints (how many to wait for), fix ([line, text] after which no diagnostic must be left; optional).
local questions = vim.json.decode(table.concat(vim.fn.readfile(_G.arg[1]), '\n'))
local PATIENCE = 60000 -- milliseconds

vim.opt.runtimepath:prepend(questions.runtime)
vim.lsp.config('shapelens', { cmd = questions.cmd })
vim.lsp.enable('shapelens')
vim.lsp.inlay_hint.enable(true)
vim.cmd.edit(vim.fn.fnameescape(questions.file))
vim.bo.filetype = 'python'

local answers = { diagnostics = {}, hints = {} }
local function wait(what, condition)
  if not vim.wait(PATIENCE, condition, 10) then
    answers.missing = what
  end
  return answers.missing == nil
end

local function ask()
  local client
  local function attached()
    client = vim.lsp.get_clients({ bufnr = 0, name = 'shapelens' })[1]
    return client ~= nil and client.initialized
  end
  if not wait('the server', attached) then return end
  answers.server = client.server_info
  answers.encoding = client.offset_encoding
  answers.root = client.root_dir

  local found = wait('diagnostics', function() return #vim.diagnostic.get(0) >= questions.diagnostics end)
  for _, item in ipairs(vim.diagnostic.get(0)) do
    table.insert(answers.diagnostics, { item.lnum + 1, item.col + 1, item.code, item.message })
  end
  if not found then return end

  found = wait('hints', function() return #vim.lsp.inlay_hint.get({ bufnr = 0 }) >= questions.hints end)
  for _, hint in ipairs(vim.lsp.inlay_hint.get({ bufnr = 0 })) do
    local position = hint.inlay_hint.position
    table.insert(answers.hints, { position.line + 1, position.character + 1, hint.inlay_hint.label })
  end
  if not found then return end

  local result = client:request_sync('textDocument/hover', {
    textDocument = vim.lsp.util.make_text_document_params(0),
    position = { line = questions.hover[1] - 1, character = questions.hover[2] - 1 },
  }, PATIENCE, 0)
  answers.hover = result and result.result and result.result.contents.value

  if questions.fix then
    local line, text = unpack(questions.fix)
    vim.api.nvim_buf_set_lines(0, line - 1, line, true, { text })
    wait('the diagnostics to go', function() return #vim.diagnostic.get(0) == 0 end)
  end
end

ask()
io.stdout:write(vim.json.encode(answers), '\n')
vim.cmd('qall!')
