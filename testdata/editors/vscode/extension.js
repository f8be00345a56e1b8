// Starts waitornot lsp for manifests and configurations.
const { workspace } = require('vscode')
const { LanguageClient } = require('vscode-languageclient/node')

let client

exports.activate = () => {
  const command = workspace.getConfiguration('waitornot').get('path', 'waitornot')
  client = new LanguageClient('waitornot', { command, args: ['lsp'] }, {
    documentSelector: ['waitornot', '*.waitornot', '.waitornot'].map(name => ({ scheme: 'file', pattern: `**/${name}.{yaml,yml}` })),
  })
  return client.start()
}

exports.deactivate = () => client?.stop()
