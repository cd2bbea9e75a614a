// Checks Kubernetes manifests: node check.mjs FILE...
// The schemas of Kubernetes' OpenAPI document judge values and missing fields. They let unknown fields pass, so the types of the same document judge those.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';
import { parseAllDocuments } from 'yaml';

const problems = [];
const declarations = [];

for (const file of process.argv.slice(2)) {
  // Kubernetes reads YAML 1.1, in which 0440 is octal.
  for (const document of parseAllDocuments(readFileSync(file, 'utf8'), { version: '1.1' })) {
    const manifest = document.errors.length ? null : document.toJS();
    const name = `${basename(file)}: ${manifest?.kind}`;
    problems.push(...document.errors.map((error) => `${basename(file)}: ${error.message}`));
    const module = `kubernetes-models/${manifest?.apiVersion}`;
    const models = await import(module).catch(() => ({}));
    if (!models[manifest?.kind]) {
      problems.push(`${name} of ${manifest?.apiVersion} is no kind of Kubernetes.`);
      continue;
    }
    try {
      new models[manifest.kind](manifest).validate();
    } catch (error) {
      problems.push(`${name}: ${error.message}`);
    }
    declarations.push({ name, text: `const m${declarations.length}: import('${module}').I${manifest.kind} = ${JSON.stringify(manifest)};` });
  }
}

const virtual = join(import.meta.dirname, 'manifests.mts');
const options = { noEmit: true, strict: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, types: [] };
const host = ts.createCompilerHost(options);
const { getSourceFile, fileExists, readFile } = host;
const source = declarations.map(({ text }) => text).join('\n');
host.fileExists = (path) => path === virtual || fileExists.call(host, path);
host.readFile = (path) => (path === virtual ? source : readFile.call(host, path));
host.getSourceFile = (path, ...rest) => (path === virtual ? ts.createSourceFile(path, source, options.target) : getSourceFile.call(host, path, ...rest));
for (const { file, start, messageText } of ts.getPreEmitDiagnostics(ts.createProgram([virtual], options, host))) {
  const line = file ? file.getLineAndCharacterOfPosition(start).line : 0;
  problems.push(`${declarations[line]?.name}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
}

if (problems.length > 0 || declarations.length === 0) {
  console.error(problems.join('\n') || 'No manifest was read.');
  process.exit(1);
}
console.log(`${declarations.length} manifests are valid.`);
