// A session of the protocol's own client, as Visual Studio Code uses it: open, break, mend,
// hover, rename, complete. It says what held ("ok: ...") and ends with an error where
// something didn't.
//
//   node client.mjs MODULES PROGRAM FOLDER ENCODING

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [modules, program, folder, encoding] = process.argv.slice(2)
const lsp = createRequire(join(modules, 'package.json'))('vscode-languageserver-protocol/node')

const server = spawn(program, ['lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] })
const ended = new Promise(resolve => server.on('exit', resolve))
const connection = lsp.createProtocolConnection(
  new lsp.StreamMessageReader(server.stdout), new lsp.StreamMessageWriter(server.stdin),
  { error: fail, warn: fail, info() {}, log() {} })

function fail(text) {
  console.log('failed: ' + text)
  process.exit(1)
}
const hold = (what, condition) => condition ? console.log('ok: ' + what) : fail(what)
setTimeout(() => fail('it took too long'), 240_000).unref()

const shown = new Map() // diagnostics by URI
let waiting = () => {}
connection.onNotification(lsp.PublishDiagnosticsNotification.type, p => { shown.set(p.uri, p); waiting() })
const registered = []
connection.onRequest(lsp.RegistrationRequest.type, p => { registered.push(...p.registrations.map(r => r.method)) })
connection.onError(([error]) => fail('the connection: ' + error))
connection.listen()

const root = pathToFileURL(folder).href
const uri = root + '/shop/waitornot.yaml'
let text = readFileSync(join(folder, 'shop/waitornot.yaml'), 'utf8')
let version = 0

// length counts as the server was told to.
const length = part => encoding === 'utf-8' ? Buffer.byteLength(part) : encoding === 'utf-32' ? [...part].length : part.length
const position = offset => {
  const before = text.slice(0, offset), start = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length - 1, character: length(before.slice(start)) }
}
const offset = p => {
  let at = 0
  for (let i = 0; i < p.line; i++) at = text.indexOf('\n', at) + 1
  for (let n = 0; n < p.character;) {
    const c = String.fromCodePoint(text.codePointAt(at))
    n += length(c)
    at += c.length
  }
  return at
}
const rangeOf = word => {
  const from = text.indexOf(word)
  if (from < 0) fail('there is no ' + word)
  return lsp.Range.create(position(from), position(from + word.length))
}
const codes = () => (shown.get(uri)?.diagnostics ?? []).map(d => d.code).sort().join(' ')
// settled waits until the findings of the current version are shown.
const settled = () => new Promise(resolve => {
  waiting = () => { if (shown.get(uri)?.version === version) resolve() }
  waiting()
})
const change = (range, word) => {
  const from = offset(range.start), to = offset(range.end)
  text = text.slice(0, from) + word + text.slice(to)
  return connection.sendNotification(lsp.DidChangeTextDocumentNotification.type, {
    textDocument: { uri, version: ++version }, contentChanges: [{ range, text: word }],
  })
}
const replace = async (old, word) => { await change(rangeOf(old), word); await settled() }
// apply makes the edits of this document, the last first.
const apply = async edits => {
  for (const e of [...edits].sort((a, b) => offset(b.range.start) - offset(a.range.start))) await change(e.range, e.newText)
  await settled()
}
const here = word => ({ textDocument: { uri }, position: rangeOf(word).start })

const { capabilities } = await connection.sendRequest(lsp.InitializeRequest.type, {
  processId: process.pid, rootUri: root, workspaceFolders: [{ uri: root, name: 'x' }],
  capabilities: {
    general: { positionEncodings: [encoding] },
    workspace: { didChangeWatchedFiles: { dynamicRegistration: true } },
    textDocument: { completion: { completionItem: { snippetSupport: true } }, publishDiagnostics: { relatedInformation: true } },
  },
})
hold('the encoding is agreed', capabilities.positionEncoding === encoding)
await connection.sendNotification(lsp.InitializedNotification.type, {})
await connection.sendNotification(lsp.DidOpenTextDocumentNotification.type, { textDocument: { uri, languageId: 'yaml', version: ++version, text } })
await settled()
const whole = codes()
hold('findings are shown', whole.includes('WN101'))
hold('the client is asked to tell of files', registered.includes('workspace/didChangeWatchedFiles'))

await replace('mode: sync', 'mode: "😀')
hold('broken text is reported', codes().includes('WN001'))
await replace('mode: "😀', 'mode: sync')
hold('it is gone when it is mended', codes() === whole)

const actions = await connection.sendRequest(lsp.CodeActionRequest.type, { textDocument: { uri }, range: rangeOf('mode: sync'), context: { diagnostics: [] } })
const declare = actions.find(a => a.title === 'Declare mode: async')
hold('an action declares the mode', declare)
await apply(declare.edit.changes[uri])
hold('it corrects the finding', !codes().includes('WN101'))

const hover = await connection.sendRequest(lsp.HoverRequest.type, here('send-receipt'))
hold('hover shows the verdict', lsp.MarkupContent.is(hover.contents) && hover.contents.value.includes('**ASYNC**'))
const rename = await connection.sendRequest(lsp.RenameRequest.type, { ...here('send-receipt'), newName: 'mail-receipt' })
await apply(rename.changes[uri])
hold('rename changes each place', text.split('mail-receipt').length === 3 && !text.includes('send-receipt'))
const hints = await connection.sendRequest(lsp.InlayHintRequest.type, { textDocument: { uri }, range: lsp.Range.create(0, 0, 99, 0) })
hold('hints show verdicts', hints.length === 3 && hints.every(h => lsp.InlayHint.is(h)))
const symbols = await connection.sendRequest(lsp.DocumentSymbolRequest.type, { textDocument: { uri } })
hold('symbols are of the protocol', symbols.every(s => lsp.DocumentSymbol.is(s)))
const lenses = await connection.sendRequest(lsp.CodeLensRequest.type, { textDocument: { uri } })
hold('lenses are of the protocol', lenses.length === 2 && lenses.every(l => lsp.CodeLens.is(l)))
const folds = await connection.sendRequest(lsp.FoldingRangeRequest.type, { textDocument: { uri } })
hold('folds are of the protocol', folds.length > 2 && folds.every(f => lsp.FoldingRange.is(f)))
const places = await connection.sendRequest(lsp.ReferencesRequest.type, { ...here('bank/settle'), context: { includeDeclaration: true } })
hold('references reach another file', places.length === 2 && places.every(p => lsp.Location.is(p)) && new Set(places.map(p => p.uri)).size === 2)
await change(rangeOf('callee: mailer'), 'callee: mailer\n    time')
const list = await connection.sendRequest(lsp.CompletionRequest.type, { textDocument: { uri }, position: rangeOf('    time').end })
hold('completion offers keys', list.items.some(i => i.label === 'timeout'))
hold('diagnostics are of the protocol', [...shown.values()].every(p => p.diagnostics.every(d => lsp.Diagnostic.is(d))))

await connection.sendRequest(lsp.ShutdownRequest.type)
await connection.sendNotification(lsp.ExitNotification.type)
hold('the server ends with 0', await ended === 0)
process.exit(0)
