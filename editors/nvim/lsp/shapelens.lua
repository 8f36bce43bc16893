--- Shapelens: the shapes of tensors, and the exceptions that they would raise (Neovim 0.11 or newer).
---
--- Put this file into a folder `lsp` of the runtime path, such as `~/.config/nvim/lsp/`, and add
--- `vim.lsp.enable('shapelens')` to `init.lua`. What you want to change goes into `init.lua` as well:
---
---   vim.lsp.config('shapelens', {
---     settings = { shapelens = { inlayHints = { placement = 'endOfLine' } } },
---   })

---@type vim.lsp.Config
return {
  cmd = { 'shapelens', 'server' },
  filetypes = { 'python' },
  root_markers = { 'shapelens.toml', 'pyproject.toml', 'setup.py', 'setup.cfg', 'requirements.txt', '.git' },
  settings = { shapelens = vim.empty_dict() },
}
