// The part of the Python extension's interface that Shapelens asks; $STUB_PYTHON is chosen when the command has run.
const vscode = require('vscode');

exports.activate = (context) => {
  const changed = new vscode.EventEmitter();
  let path = 'python'; // the Python extension's word for: none chosen
  context.subscriptions.push(
    changed,
    vscode.commands.registerCommand('stub.choose', () => {
      path = process.env.STUB_PYTHON;
      changed.fire({ path });
    }),
  );
  return { environments: { getActiveEnvironmentPath: () => ({ path }), onDidChangeActiveEnvironmentPath: changed.event } };
};
