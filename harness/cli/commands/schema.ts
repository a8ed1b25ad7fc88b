/** `holdfast schema`: what the documents of Holdfast look like, as JSON Schema. */
import { table } from '../../analysis/text/table.ts';
import { EXIT, UsageError, didYouMean } from '../../errors.ts';
import { command } from '../command.ts';
import { positional, text } from '../options/option.ts';

export const schemaCommand = command({
  usage: 'schema [document]',
  describe: 'show the JSON Schema of a file that Holdfast writes or reads',
  examples: [
    ['schema', 'the documents there are'],
    ['schema trial', 'a line of trials.jsonl'],
    ['schema duet-config > schema.json', 'for an editor that checks holdfast.duet.json'],
  ],
  options: { document: positional(text('name of the document')) },
  run: async ({ document: name }, io) => {
    const { DOCUMENTS, jsonSchemaOf } = await import('../../results/schema/documents.ts');
    if (name === undefined) {
      const rows = Object.entries(DOCUMENTS).map(([name, { where, what }]) => [name, where, what]);
      io.out(table(['document', 'where it stands', 'what it is'], rows));
      return EXIT.ok;
    }
    const document = Object.hasOwn(DOCUMENTS, name) ? DOCUMENTS[name] : undefined;
    if (!document)
      throw new UsageError(`There is no document "${name}"${didYouMean(name, Object.keys(DOCUMENTS))}`);
    io.out(`${JSON.stringify(jsonSchemaOf(document), null, 2)}\n`);
    return EXIT.ok;
  },
});
