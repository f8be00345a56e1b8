-- A session of Neovim's own client: open, break, mend, hover, rename. It says on standard
-- output what held ("ok: ...") and ends with an error where something didn't.
--
--   WAITORNOT=program FOLDER=folder nvim --headless -u NONE -i NONE -n -c 'luafile neovim.lua'

local folder, program = vim.env.FOLDER, vim.env.WAITORNOT

local function say(text) io.stdout:write(text .. "\n") end

local function until_(what, condition)
  if not vim.wait(120000, condition, 5) then error("it took too long: " .. what) end
  say("ok: " .. what)
end

local function session()
  vim.cmd("edit " .. folder .. "/shop/waitornot.yaml")
  local buffer = vim.api.nvim_get_current_buf()
  local id = vim.lsp.start_client({ name = "waitornot", cmd = { program, "lsp" }, root_dir = folder })
  assert(id, "the server did not start")
  vim.lsp.buf_attach_client(buffer, id)
  local client = vim.lsp.get_client_by_id(id)
  local function codes()
    local list = {}
    for _, d in ipairs(vim.diagnostic.get(buffer)) do list[#list + 1] = d.code or (d.user_data and d.user_data.lsp.code) end
    table.sort(list)
    return table.concat(list, " ")
  end
  local function line_of(text)
    for i, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
      local at = line:find(text, 1, true)
      if at then return i - 1, at - 1 end
    end
    error("there is no " .. text)
  end
  local function replace(old, new)
    local line, column = line_of(old)
    vim.api.nvim_buf_set_text(buffer, line, column, line, column + #old, { new })
  end
  local function request(method, params)
    local response = client.request_sync(method, params, 20000, buffer)
    assert(response and not response.err, method .. ": " .. vim.inspect(response))
    return response.result
  end

  until_("findings are shown", function() return codes():find("WN101") ~= nil end)
  local whole = codes()

  replace("mode: sync", "mode: syn😀c")
  until_("a wrong word is reported while it is typed", function() return codes():find("WN009") ~= nil end)
  replace("mode: syn😀c", "mode: sync")
  until_("it is gone when it is mended", function() return codes() == whole end)

  local line, column = line_of("mode: sync")
  vim.api.nvim_win_set_cursor(0, { line + 1, column + 7 })
  local params = vim.lsp.util.make_range_params()
  params.context = { diagnostics = {} }
  local fixed = false
  for _, action in ipairs(request("textDocument/codeAction", params)) do
    if action.title == "Declare mode: async" then
      vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
      fixed = true
    end
  end
  assert(fixed, "no action declares the mode")
  until_("an action corrects the mode", function() return codes():find("WN101") == nil and pcall(line_of, "mode: async") end)

  line, column = line_of("send-receipt")
  vim.api.nvim_win_set_cursor(0, { line + 1, column })
  vim.lsp.buf.hover()
  until_("hover shows the verdict", function()
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      local text = table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), "\n")
      if vim.api.nvim_win_get_config(window).relative ~= "" and text:find("ASYNC") then return true end
    end
    return false
  end)

  vim.lsp.buf.rename("mail-receipt")
  until_("rename changes each place", function()
    local text = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), "\n")
    local _, n = text:gsub("mail%-receipt", "")
    return n == 2 and not text:find("send%-receipt")
  end)

  local items = request("textDocument/completion", (function()
    local l = line_of("callee: mailer")
    vim.api.nvim_buf_set_lines(buffer, l + 1, l + 1, false, { "    time" })
    vim.api.nvim_win_set_cursor(0, { l + 2, 8 })
    return vim.lsp.util.make_position_params()
  end)())
  local words = vim.tbl_map(function(x) return x.label end, items.items)
  assert(vim.tbl_contains(words, "timeout"), "timeout is not completed")
  say("ok: completion offers keys")

  client.stop()
  until_("the server ends", function() return vim.lsp.get_client_by_id(id) == nil or client.is_stopped() end)
end

local held, fault = xpcall(session, debug.traceback)
if not held then
  say("failed: " .. tostring(fault))
  vim.cmd("cquit!")
end
vim.cmd("qall!")
