// The rules of graphql-eslint for schemas and for Relay, over the committed schema.graphql.
// Every exception stands here with its reason.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import graphqlPlugin from '@graphql-eslint/eslint-plugin';

const here = dirname(fileURLToPath(import.meta.url));
export const schemaFile = join(here, '..', '..', 'schema.graphql');

// Values of something that has an id: they have no life of their own, so an id would be a lie.
// A type that implements Node must have one all the same.
const source = readFileSync(schemaFile, 'utf8');
const values = [...source.matchAll(/^type (\w+)( implements [\w &]+)? \{/gm)]
  .filter(([, , interfaces]) => !/\bNode\b/.test(interfaces ?? ''))
  .map(([, name]) => name);

// Rows of pages that are values without a life of their own: an id to look them up by would be a second way past
// the rules of their list. `relay-edge-types` knows no exception by name, so the rest of it is checked here.
const pageValues = [
  'AuditEntry',
  'ChainEntry',
  'Contradiction',
  'DuePayment',
  'HouseholdEvent',
  'IdentityLead',
  'MatchProposal',
  'Proposal',
  'SavedPackage',
];
const rows = [...source.matchAll(/^type \w+Edge\b[^{]*\{[^}]*^  node: (\w+)/gm)].map(([, name]) => name);
const unnamed = rows.filter((name) => values.includes(name) && !pageValues.includes(name));
const idle = pageValues.filter((name) => !rows.includes(name) || !values.includes(name));
if (unnamed.length + idle.length > 0) {
  throw new Error(`rows of pages must implement Node: ${unnamed}; exceptions that nothing needs: ${idle}`);
}

export default [
  {
    files: ['**/*.graphql'],
    languageOptions: { parser: graphqlPlugin.parser, parserOptions: { graphQLConfig: { schema: schemaFile } } },
    plugins: { '@graphql-eslint': graphqlPlugin },
    rules: {
      ...graphqlPlugin.configs['flat/schema-recommended'].rules,
      ...graphqlPlugin.configs['flat/schema-relay'].rules,
      '@graphql-eslint/strict-id-in-types': ['error', { exceptions: { types: values } }],
      // Connections are read forwards only: nobody pages backwards through a catalogue.
      '@graphql-eslint/relay-arguments': ['error', { includeBoth: false }],
      // Short lists whose length the catalogue or the household bounds are plain lists, not connections.
      // That rows implement Node is checked above, but for the values named there.
      '@graphql-eslint/relay-edge-types': [
        'error',
        { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false },
      ],
    },
  },
];
