// Prints what the rules find in schema.graphql; exit code 1 if they find anything.
// ESLint ignores files above its folder, so the text is handed to it.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { schemaFile } from './eslint.config.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const eslint = new ESLint({ cwd: here });
const text = process.argv[2] ? readFileSync(process.argv[2], 'utf8') : readFileSync(schemaFile, 'utf8');
const results = await eslint.lintText(text, { filePath: join(here, 'schema.graphql'), warnIgnored: true });
let found = 0;
for (const { messages } of results) {
  for (const { line, column, ruleId, message } of messages) {
    found += 1;
    console.log(`schema.graphql:${line}:${column} ${ruleId}: ${message}`);
  }
}
console.log(found === 0 ? 'schema.graphql: no findings' : `schema.graphql: ${found} findings`);
process.exit(found === 0 ? 0 : 1);
