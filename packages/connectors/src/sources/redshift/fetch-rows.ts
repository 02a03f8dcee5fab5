import type { Connection, FieldDef, Submittable } from 'pg';
import { type TakeRow, takeRowMessages } from './row-messages.ts';

/**
 * One FETCH whose rows go to `take` as bytes. `done` resolves with their number when the server said that the statement is over,
 * and rejects with the driver's errors, with what `take` threw, and when the server counted otherwise.
 */
export class FetchRows implements Submittable {
  readonly #text: string;
  readonly #onFields: (fields: FieldDef[]) => void;
  readonly #take: TakeRow;
  readonly #outcome = Promise.withResolvers<number>();
  #leave: () => void = () => {};
  #taken = 0;
  #isComplete = false;
  #failed = false;

  constructor(text: string, onFields: (fields: FieldDef[]) => void, take: TakeRow) {
    this.#text = text;
    this.#onFields = onFields;
    this.#take = take;
  }

  done(): Promise<number> {
    return this.#outcome.promise;
  }

  submit(connection: Connection): void {
    this.#leave = takeRowMessages(connection, (source, from, to) => {
      this.#taken += 1;
      this.#attempt(() => this.#take(source, from, to));
    });
    connection.query(this.#text);
  }

  handleRowDescription({ fields }: { fields: FieldDef[] }): void {
    this.#attempt(() => this.#onFields(fields));
  }

  handleCommandComplete({ text = '' }: { text?: string }): void {
    this.#isComplete = true;
    const said = /^FETCH (\d+)$/.exec(text)?.[1];
    if (said !== undefined && Number(said) !== this.#taken)
      this.#outcome.reject(new Error(`${text} was said of ${this.#taken} rows`));
  }

  handleReadyForQuery(): void {
    this.#leave();
    if (this.#isComplete) this.#outcome.resolve(this.#taken);
    else this.#outcome.reject(new Error('FETCH ended without a word for its completeness'));
  }

  handleError(error: Error): void {
    this.#leave();
    this.#failed = true;
    this.#outcome.reject(error);
  }

  #attempt(work: () => void): void {
    if (this.#failed) return;
    try {
      work();
    } catch (thrown) {
      this.#failed = true;
      this.#outcome.reject(thrown);
    }
  }
}
