import type { Configuration } from '../kit/source.ts';
import type { SourceSpeech } from './source-speech.ts';

/** What the conformance suites have to know of a source that is asked at a server of its own. */
export interface SourceCase {
  /** Starts the server, with the table of the speech in it. */
  start(): Promise<{ readonly url: string; readonly port: number; close(): Promise<void> }>;
  /** A configuration that works at the server's address. */
  working(url: string): Configuration;
  /** The same with wrong credentials. */
  wrongCredentials(url: string): Configuration;
  readonly speech: SourceSpeech;
}
