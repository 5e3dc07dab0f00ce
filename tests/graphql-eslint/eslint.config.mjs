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
      // Pages of log entries, events, leads, proposals and payments hold values without a life of their own: an id
      // to look them up by would be a second way past the rules of the list.
      '@graphql-eslint/relay-edge-types': [
        'error',
        { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false },
      ],
    },
  },
];
