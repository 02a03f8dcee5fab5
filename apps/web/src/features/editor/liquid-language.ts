import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { StreamLanguage, type StringStream } from '@codemirror/language';
import { mappingVariables } from '@sluice/domain/mapping';

interface LiquidState {
  /** The bracket that ends the tag we are in; `null` in plain text. */
  end: '}}' | '%}' | null;
}

const words =
  /^(if|elsif|else|endif|unless|endunless|for|endfor|in|case|when|endcase|assign|capture|endcapture|and|or|contains|raw|endraw|comment|endcomment)\b/;

/** Highlights Liquid tags and outputs in any text. */
export const liquidLanguage = StreamLanguage.define<LiquidState>({
  name: 'liquid',
  startState: () => ({ end: null }),
  token: (stream, state) => (state.end === null ? textToken(stream, state) : tagToken(stream, state)),
});

function textToken(stream: StringStream, state: LiquidState): string | null {
  if (stream.match(/^\{\{-?/)) {
    state.end = '}}';
    return 'processingInstruction';
  }
  if (stream.match(/^\{%-?/)) {
    state.end = '%}';
    return 'processingInstruction';
  }
  if (stream.match(/^"(?:[^"\\{]|\\.)*"(?=\s*:)/)) return 'propertyName';
  stream.next();
  while (!stream.eol() && !/[{"]/.test(stream.peek() ?? '')) stream.next();
  return null;
}

function tagToken(stream: StringStream, state: LiquidState): string | null {
  if (stream.match(/^-?(\}\}|%\})/)) {
    state.end = null;
    return 'processingInstruction';
  }
  if (stream.match(/^"[^"]*"|^'[^']*'/)) return 'string';
  if (stream.match(/^\d+(\.\d+)?/)) return 'number';
  if (stream.match(words)) return 'keyword';
  if (stream.match(/^\|\s*[a-z_0-9]+/)) return 'typeName';
  if (stream.match(/^[\w.-]+/)) return 'variableName';
  stream.next();
  return null;
}

/** Filters that templates may use, with what they do. */
const filters: Record<string, string> = {
  json: 'as JSON, quotes included',
  default: 'another value when empty',
  upcase: 'in capitals',
  downcase: 'in small letters',
  strip: 'without spaces around',
  truncate: 'cut to a length',
  date: 'a date in a format',
  replace: 'one text by another',
  split: 'text into a list',
  join: 'list into text',
  first: 'first of a list',
  last: 'last of a list',
  size: 'length',
  round: 'rounded number',
  url_encode: 'safe in a URL',
  escape: 'safe in HTML',
};

/** What a template can name: `row.<column>` or `rows`, `context.<fact>`, and filters after a `|`. */
export function liquidCompletion(columns: readonly string[], batched: boolean) {
  const variables: Completion[] = [
    ...(batched ? [{ label: 'rows', type: 'variable', detail: 'the rows of the batch' }] : []),
    ...columns.map((name) => ({
      label: /^[A-Za-z_]\w*$/.test(name) ? `row.${name}` : `row["${name}"]`,
      type: 'property',
      detail: 'column',
    })),
    ...Object.entries(mappingVariables).map(([name, detail]) => ({
      label: `context.${name}`,
      type: 'variable',
      detail,
    })),
  ];
  const named: Completion[] = Object.entries(filters).map(([label, detail]) => ({
    label,
    detail,
    type: 'function',
  }));
  return (context: CompletionContext): CompletionResult | null => {
    const before = context.state.sliceDoc(Math.max(0, context.pos - 400), context.pos);
    const open = Math.max(before.lastIndexOf('{{'), before.lastIndexOf('{%'));
    const closed = Math.max(before.lastIndexOf('}}'), before.lastIndexOf('%}'));
    if (open <= closed) return null;
    const filter = context.matchBefore(/\|\s*\w*/);
    if (filter) {
      const from = filter.from + (/^\|\s*/.exec(filter.text)?.[0].length ?? 1);
      return { from, options: named, validFor: /^\w*$/ };
    }
    const word = context.matchBefore(/[\w.["\]-]*/);
    if (!word || (word.text === '' && !context.explicit && !/[{%]\s?$/.test(before))) return null;
    return { from: word.from, options: variables, validFor: /^[\w.["\]-]*$/ };
  };
}
