'use client';

import { autocompletion } from '@codemirror/autocomplete';
import { json } from '@codemirror/lang-json';
import { PostgreSQL, sql } from '@codemirror/lang-sql';
import { Prec } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import CodeMirror from '@uiw/react-codemirror';
import { useMemo, useRef } from 'react';
import { editorTheme } from './editor-theme.ts';
import { liquidCompletion, liquidLanguage } from './liquid-language.ts';
import { type SqlSchema, sqlCompletions } from './sql-completion.ts';

/** What is written: SQL with the tables of a source, JSON, or a template with the columns of a model. */
export type EditorLanguage =
  | { name: 'sql'; schema: SqlSchema }
  | { name: 'json' }
  | { name: 'liquid'; columns: readonly string[]; batched: boolean };

export interface CodeEditorProps {
  value: string;
  onChange: (value: string) => void;
  /** Keep the same object while nothing changes. */
  language: EditorLanguage;
  /** Read out for the text area. */
  label: string;
  placeholder?: string;
  minHeight?: string;
  maxHeight?: string;
  lineNumbers?: boolean;
  readOnly?: boolean;
  invalid?: boolean;
  /** `mod+Enter`. */
  onSubmit?: () => void;
}

/** A text area for code: highlighting, completion, undo. Tab leaves it, as everywhere; `mod+Enter` submits. */
export function CodeEditor({
  value,
  onChange,
  language,
  label,
  placeholder,
  minHeight = '6rem',
  maxHeight = '32rem',
  lineNumbers = false,
  readOnly = false,
  invalid = false,
  onSubmit,
}: CodeEditorProps) {
  const submit = useRef(onSubmit);
  submit.current = onSubmit;
  const extensions = useMemo(
    () => [
      editorTheme,
      languageExtension(language),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': label, ...(invalid && { 'aria-invalid': 'true' }) }),
      Prec.highest(
        keymap.of([
          {
            key: 'Mod-Enter',
            run: () => {
              submit.current?.();
              return submit.current !== undefined;
            },
          },
        ]),
      ),
    ],
    [language, label, invalid],
  );
  return (
    <CodeMirror
      value={value}
      onChange={onChange}
      theme="none"
      placeholder={placeholder}
      minHeight={minHeight}
      maxHeight={maxHeight}
      readOnly={readOnly}
      indentWithTab={false}
      basicSetup={{
        lineNumbers,
        foldGutter: false,
        highlightActiveLine: !readOnly,
        highlightActiveLineGutter: false,
        autocompletion: language.name === 'sql',
        searchKeymap: false,
      }}
      extensions={extensions}
      className={`overflow-hidden rounded-md border bg-surface focus-within:border-accent focus-within:ring-1 focus-within:ring-accent ${invalid ? 'border-critical' : 'border-line-strong'}`}
    />
  );
}

function languageExtension(language: EditorLanguage) {
  switch (language.name) {
    case 'sql':
      return [
        sql({ dialect: PostgreSQL, upperCaseKeywords: false }),
        ...sqlCompletions(language.schema).map((autocomplete) =>
          PostgreSQL.language.data.of({ autocomplete }),
        ),
      ];
    case 'json':
      return json();
    case 'liquid':
      return [
        liquidLanguage,
        autocompletion({ override: [liquidCompletion(language.columns, language.batched)] }),
      ];
  }
}
